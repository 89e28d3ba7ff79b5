// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/static_files.h"

#include <algorithm>
#include <array>

#include "http/problem.h"

namespace weir {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The next element of a header's list, taken off its front.
std::string_view next_element(std::string_view& list) {
  const std::string_view element = list.substr(0, list.find(','));
  list.remove_prefix(std::min(list.size(), element.size() + 1));
  return trim(element);
}

bool is_zero_quality(std::string_view parameters) {
  const size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view value = trim(parameters.substr(at + 2));
  return value.find_first_not_of("0.") == std::string_view::npos;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::string_view element = next_element(accept_encoding);
    const std::string_view coding = trim(element.substr(0, element.find(';')));
    if (coding == "gzip") return !is_zero_quality(element.substr(coding.size()));
  }
  return false;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    std::string_view candidate = next_element(if_none_match);
    if (candidate.substr(0, 2) == "W/") candidate.remove_prefix(2);
    if (candidate == "*" || candidate == etag) return true;
  }
  return false;
}

bool is_page_of_console(std::string_view path) {
  static constexpr std::array<std::string_view, 7> kRoutes{
      "/live", "/interfaces", "/hosts", "/flows", "/apps", "/health", "/settings"};
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
