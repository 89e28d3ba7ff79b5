// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/http_client.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include <curl/curl.h>

#include "base/ascii.h"

namespace weir {
namespace {

constexpr size_t kMaxHeaders = 32;

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

// Those that say where a request goes and where its body ends are libcurl's.
bool is_reserved(std::string_view name) {
  for (const std::string_view reserved :
       {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer",
        "content-type", "expect"}) {
    if (is_same_word(name, reserved)) return true;
  }
  return name.size() >= 6 && is_same_word(name.substr(0, 6), "proxy-");
}

bool is_header_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

// Header lines as libcurl wants them.
class HeaderLines {
 public:
  HeaderLines() : lines_(nullptr, curl_slist_free_all) {}

  // The header is one that may be sent.
  static bool takes(std::string_view name, std::string_view value) {
    return is_token(name) && !is_reserved(name) && is_header_text(value);
  }
  void add(const std::string& name, const std::string& value) {
    // A semicolon is its way to say that the value is empty.
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    if (curl_slist* longer = curl_slist_append(lines_.get(), line.c_str())) {
      (void)lines_.release();
      lines_.reset(longer);
    }
  }
  [[nodiscard]] curl_slist* get() const { return lines_.get(); }

 private:
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> lines_;
};

struct Body {
  std::string text;
  size_t limit;
  bool is_too_long = false;
};

size_t take(const char* bytes, size_t one, size_t count, void* to) {
  auto& body = *static_cast<Body*>(to);
  if (one * count > body.limit - body.text.size()) {
    body.is_too_long = true;
    return 0;
  }
  body.text.append(bytes, one * count);
  return one * count;
}

int is_over(void* closed, curl_off_t /*to_receive*/, curl_off_t /*received*/,
            curl_off_t /*to_send*/, curl_off_t /*sent*/) {
  return static_cast<const std::atomic<bool>*>(closed)->load() ? 1 : 0;
}

std::string method_of(const OutgoingRequest& request) {
  if (!request.method.empty()) return request.method;
  return request.body.empty() ? "GET" : "POST";
}

// nullptr, or what is wrong with it.
const char* mistake_in(const OutgoingRequest& request) {
  const std::string method = method_of(request);
  if (method != "GET" && method != "POST" && method != "PUT" && method != "DELETE")
    return "the method must be GET, POST, PUT or DELETE";
  if (method == "GET" && !request.body.empty()) return "GET has no body";
  if (request.headers.size() > kMaxHeaders) return "there are too many headers";
  if (!is_header_text(request.content_type)) return "the type of the body is no text";
  for (const auto& [name, value] : request.headers) {
    if (!HeaderLines::takes(name, value)) return "a header cannot be sent";
  }
  return nullptr;
}

HeaderLines header_lines(const OutgoingRequest& request) {
  HeaderLines lines;
  for (const auto& [name, value] : request.headers) lines.add(name, value);
  if (!request.body.empty())
    lines.add("Content-Type",
              request.content_type.empty() ? "application/json" : request.content_type);
  return lines;
}

// Counts who is inside.
class Place {
 public:
  explicit Place(std::atomic<size_t>& taken) : taken_(taken), number_(++taken) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] size_t number() const { return number_; }

 private:
  std::atomic<size_t>& taken_;
  size_t number_;
};

}  // namespace

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)) {
  // Once for the process, and never undone: other users of the library may be there.
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)kReady;
}
HttpClient::~HttpClient() = default;

Result<IncomingAnswer> HttpClient::ask(const OutgoingRequest& request) {
  ++requests_;
  const auto refuse = [this](std::string why) {
    ++refused_;
    return Error{std::move(why)};
  };
  if (is_closed_) return refuse("weir is about to end");
  if (const char* mistake = mistake_in(request)) return refuse(mistake);
  const auto url = options_.allowed.check(request.url);
  if (!url) return refuse(url.error().message);
  const Place place(running_);
  if (place.number() > options_.max_parallel) return refuse("too many requests at the same time");
  auto answer = send(request, *url);
  if (answer.ok()) {
    bytes_received_ += answer->body.size();
  } else {
    ++failed_;
  }
  return answer;
}

Result<IncomingAnswer> HttpClient::send(const OutgoingRequest& request, const std::string& url) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  if (!curl) return Error{"no memory for a request"};
  const std::string method = method_of(request);
  const HeaderLines lines = header_lines(request);
  const auto time = std::clamp(request.time, std::chrono::milliseconds(1), options_.max_time);
  Body body{{}, options_.max_answer_bytes};
  char why[CURL_ERROR_SIZE] = "";
  const auto set = [&](CURLoption option, auto value) {
    (void)curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  if (!options_.uses_proxies) set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));  // NOLINT(google-runtime-int)
  set(CURLOPT_USERAGENT, "weir");
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(why));
  set(CURLOPT_HTTPHEADER, lines.get());
  set(CURLOPT_WRITEFUNCTION, take);
  set(CURLOPT_WRITEDATA, &body);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, is_over);
  set(CURLOPT_XFERINFODATA, &is_closed_);
  if (method != "GET") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
    set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (body.is_too_long) return Error{"the answer is too long"};
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error{"weir is about to end"};
  if (code == CURLE_OPERATION_TIMEDOUT) return Error{"there was no answer in time"};
  if (code != CURLE_OK) return Error{why[0] != '\0' ? why : curl_easy_strerror(code)};
  IncomingAnswer answer;
  (void)curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  const char* type = nullptr;
  (void)curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) answer.content_type = type;
  answer.body = std::move(body.text);
  return answer;
}

void HttpClient::close() {
  is_closed_ = true;
}

Value HttpClient::statistics() const {
  return Value::Object{{"requests", requests_.load()},
                       {"failed", failed_.load()},
                       {"refused", refused_.load()},
                       {"bytes_received", bytes_received_.load()}};
}

}  // namespace weir
