// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/static_files.h"

#include <algorithm>
#include <array>

#include "http/content_coding.h"
#include "http/problem.h"

namespace weir {
namespace {

// As in web/src/lib/router.ts, which a test compares.
bool is_page_of_console(std::string_view path) {
  static constexpr std::array<std::string_view, 12> kRoutes{
      "/live", "/interfaces",   "/hosts",    "/flows",  "/apps",   "/networks",
      "/map",  "/transactions", "/settings", "/health", "/alerts", "/setup"};
  return std::any_of(kRoutes.begin(), kRoutes.end(), [&](std::string_view route) {
    return path.substr(0, route.size()) == route &&
           (path.size() == route.size() || path[route.size()] == '/');
  });
}

bool is_hashed(std::string_view path) {
  return path.substr(0, 8) == "/assets/";
}

HttpAnswer send(const Asset& asset, const HttpRequest& request, std::string_view path) {
  const bool zipped = !asset.gzip.empty() && accepts_gzip(request.accept_encoding);
  std::string etag = asset.etag;
  // The two forms differ to the byte, so their strong tags must (RFC 9110, 8.8.3.3).
  if (zipped && !etag.empty()) etag.insert(etag.size() - 1, "-gzip");
  HttpAnswer answer;
  answer.headers = {
      {"ETag", etag},
      {"Vary", "Accept-Encoding"},
      {"Cache-Control", is_hashed(path) ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (matches_etag(request.if_none_match, etag)) {
    answer.status = 304;
    return answer;
  }
  if (zipped) answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.content_type = asset.content_type;
  answer.body = zipped ? asset.gzip : asset.plain;
  return answer;
}

}  // namespace

HttpAnswer answer_static(const AssetStore& assets, const HttpRequest& request,
                         std::string_view path) {
  if (path == "/") path = "/index.html";
  if (const auto asset = assets.find(path)) return send(*asset, request, path);
  const bool opens_page = request.accept.find("text/html") != std::string::npos && !is_hashed(path);
  if (is_page_of_console(path) || opens_page || path == "/index.html") {
    if (const auto index = assets.find("/index.html")) return send(*index, request, "/index.html");
    return {404,
            "text/plain; charset=utf-8",
            {},
            "The console is not in this build of weir. The REST interface is at /api/v1/.\n"};
  }
  return problem_answer(404, "There is no such file.");
}

}  // namespace weir
