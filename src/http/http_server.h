// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/asset_store.h"
#include "script/script_runner.h"

namespace weir {

struct HttpOptions {
  std::string address =
      "127.0.0.1";       // an IPv4 or IPv6 address, IPv6 without brackets; "localhost" is 127.0.0.1
  uint16_t port = 3000;  // 0: any free one, see HttpServer::port()

  // Host names beside localhost, loopback addresses and the listening address that clients may use
  // ("weir.example.org"). Behind a proxy that ends TLS their Origin may be https.
  std::vector<std::string> allowed_hosts;

  size_t workers = 2;  // threads that run scripts
  size_t max_connections =
      512;  // sockets, streams included; further ones are closed at once and counted
  size_t max_stream_clients = 256;  // further upgrades are answered with 503
  size_t max_header_bytes = size_t{16} << 10;
  size_t max_body_bytes = size_t{1} << 20;
  std::chrono::milliseconds request_timeout{
      15'000};  // from the first byte of a request to its last, and for an answer
  std::chrono::milliseconds keep_alive_timeout{60'000};  // between requests
  std::chrono::milliseconds stream_idle_timeout{
      60'000};  // a stream is pinged after half of it, closed after all of it

  // The stream is evaluated once each tick, just after a whole multiple of it. 0: only when
  // HttpServer::tick() is called.
  std::chrono::milliseconds tick{1000};
  // Seconds since 1970. Empty: the system clock.
  std::function<double()> now;
};

struct HttpStatistics {
  uint64_t connections = 0;  // open sockets, streams included
  uint64_t connections_total = 0;
  uint64_t connections_refused = 0;  // over max_connections
  uint64_t requests = 0;
  uint64_t shared = 0;   // answered by a run of a script for another request
  uint64_t refused = 0;  // by the rules for Host, Origin and token
  uint64_t stream_clients = 0;
  uint64_t subscriptions = 0;
  uint64_t questions = 0;  // distinct ones: what is evaluated each tick
  uint64_t evaluations = 0;
  uint64_t frames = 0;  // sent to stream clients
  uint64_t frames_replaced =
      0;  // newer data took the place of a frame that a slow client had not taken yet
};

// The console, the REST interface and the WebSocket stream on one address. One thread for sockets,
// `workers` for scripts. Listens as told, loopback or not: it is the application that refuses other
// addresses without --insecure (is_loopback()). While it runs, ntop.health() has a member "http"
// with the statistics. Thread-safe.
class HttpServer {
 public:
  // Listens when it returns. `scripts` and `assets` must outlive the server.
  // Error, for people: "127.0.0.1:3000: Address already in use: is weir running already? choose
  // another with --http ADDR:PORT".
  static Result<std::unique_ptr<HttpServer>> start(HttpOptions options, ScriptRunner& scripts,
                                                   const AssetStore& assets);
  ~HttpServer();  // stop()
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] const std::string& address() const;
  [[nodiscard]] uint16_t port() const;    // the real one
  [[nodiscard]] std::string url() const;  // "http://127.0.0.1:3000", "http://[::1]:3000"

  // Stops listening, says "bye" to stream clients, closes everything within two seconds and joins
  // the threads. A second call does nothing.
  void stop();

  [[nodiscard]] HttpStatistics statistics() const;

  // Evaluates the stream's questions now, as the timer does.
  void tick();
  // There is news of this resource: the stream's questions about it are evaluated at once, but at
  // most each tenth of a second.
  void refresh(const std::string& resource);

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether only this machine can reach `address`: 127.0.0.0/8, ::1, "localhost".
[[nodiscard]] bool is_loopback(const std::string& address);

}  // namespace weir
