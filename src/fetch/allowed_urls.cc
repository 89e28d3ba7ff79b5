// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/allowed_urls.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include <curl/curl.h>

#include "base/ascii.h"
#include "base/printable.h"

namespace weir {
namespace {

constexpr size_t kShown = 200;

// libcurl also parses the URL that is asked for, so that both see the same host in it.
class ParsedUrl {
 public:
  ParsedUrl() : url_(curl_url(), curl_url_cleanup) {}

  // nullptr, or why this is no URL.
  const char* read(const std::string& text) {
    const CURLUcode code = curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), 0);
    return code == CURLUE_OK ? nullptr : curl_url_strerror(code);
  }
  // "" where there is none.
  [[nodiscard]] std::string part(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), part, &text, flags) != CURLUE_OK) return "";
    std::string copy(text);
    curl_free(text);
    return copy;
  }
  [[nodiscard]] bool is_http() const {
    const std::string scheme = part(CURLUPART_SCHEME);
    return scheme == "http" || scheme == "https";
  }
  [[nodiscard]] std::string origin() const {
    std::string host = part(CURLUPART_HOST);
    std::transform(host.begin(), host.end(), host.begin(), ascii_lower);
    return part(CURLUPART_SCHEME) + "://" + host + ":" + part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
  }

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
};

std::string shown(const std::string& url) {
  return printable(url.substr(0, kShown)) + (url.size() > kShown ? "..." : "");
}

// What a server may read as a dot or a separator although a parser of URLs does not.
bool has_hidden_segments(std::string_view path) {
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\') return true;
    if (path[i] != '%' || i + 2 >= path.size()) continue;
    const char low = ascii_lower(path[i + 2]);
    if ((path[i + 1] == '2' && (low == 'e' || low == 'f')) || (path[i + 1] == '5' && low == 'c'))
      return true;
  }
  return false;
}

bool is_below(std::string_view path, std::string_view root) {
  if (root.empty()) return true;
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/') &&
         !has_hidden_segments(path);
}

// nullptr, or why `text` can be neither an entry nor asked for.
const char* read_http(const std::string& text, ParsedUrl& url) {
  if (text.size() > AllowedUrls::kMaxBytes) return "is too long";
  if (text.find('\0') != std::string::npos) return "has a zero byte";
  if (const char* wrong = url.read(text)) return wrong;
  return url.is_http() ? nullptr : "is neither http nor https";
}

}  // namespace

Result<AllowedUrls> AllowedUrls::parse(const std::vector<std::string>& entries) {
  AllowedUrls allowed;
  for (const std::string& text : entries) {
    ParsedUrl url;
    if (const char* wrong = read_http(text, url)) return Error{shown(text) + ": " + wrong};
    if (!url.part(CURLUPART_QUERY).empty() || !url.part(CURLUPART_FRAGMENT).empty() ||
        !url.part(CURLUPART_USER).empty()) {
      return Error{shown(text) + ": must be scheme, host, port and path only"};
    }
    std::string path = url.part(CURLUPART_PATH);
    while (path.ends_with('/')) path.pop_back();
    allowed.entries_.push_back({url.origin(), std::move(path)});
  }
  return allowed;
}

Result<std::string> AllowedUrls::check(const std::string& text) const {
  ParsedUrl url;
  if (const char* wrong = read_http(text, url)) return Error{shown(text) + ": " + wrong};
  const std::string origin = url.origin();
  const std::string path = url.part(CURLUPART_PATH);
  for (const Entry& entry : entries_) {
    if (entry.origin == origin && is_below(path, entry.path)) return url.part(CURLUPART_URL);
  }
  return Error{shown(text) + ": is none of what --allow-url allows"};
}

}  // namespace weir
