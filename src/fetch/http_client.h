// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "fetch/allowed_urls.h"

namespace weir {

struct HttpClientOptions {
  AllowedUrls allowed;
  size_t max_parallel = 8;                     // further ones are refused at once
  size_t max_answer_bytes = size_t{4} << 20;   // of a body; a longer one is an error
  std::chrono::milliseconds max_time{10'000};  // from the look-up of the name to the last byte
  bool uses_proxies = true;                    // those of the environment
};

struct OutgoingRequest {
  std::string url;
  std::string method{};  // GET, POST, PUT or DELETE; empty: POST with a body, GET without
  std::string body{};
  std::string content_type{};  // of the body; empty: application/json
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds time{10'000};  // at most that of the options
};

struct IncomingAnswer {
  long status = 0;  // NOLINT(google-runtime-int): libcurl's
  std::string content_type;
  std::string body;  // as it was sent: hostile
};

// Asks other servers over HTTP and HTTPS (libcurl) where that is allowed. Redirects are not
// followed: what they lead to may not be allowed. Proxies are those of the environment (http_proxy,
// no_proxy) or none, certificates those of the system. Thread-safe; who asks waits.
class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();  // REQUIRES: nobody waits in ask()
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any answer of the server is one, whatever its status. Error, for people and without what the
  // request says: not allowed, cannot be reached, out of time, answer too long, no such method or
  // header.
  [[nodiscard]] Result<IncomingAnswer> ask(const OutgoingRequest& request);

  // Who waits gets an error within a second, and so does who asks from now on.
  void close();

  // {"requests", "failed", "refused", "bytes_received"}
  [[nodiscard]] Value statistics() const;

 private:
  [[nodiscard]] Result<IncomingAnswer> send(const OutgoingRequest& request, const std::string& url);

  const HttpClientOptions options_;
  std::atomic<bool> is_closed_{false};
  std::atomic<size_t> running_{0};
  std::atomic<uint64_t> requests_{0};
  std::atomic<uint64_t> failed_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> bytes_received_{0};
};

}  // namespace weir
