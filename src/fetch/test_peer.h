// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

// A server on a port of loopback that says to each request what the test wants, bytes as they are.
class Peer {
 public:
  // What is sent for a request (its head and what came with it); the connection is closed after it.
  // Several parts are sent with a pause of 20 ms between them, until the other side goes.
  using Answer = std::function<std::vector<std::string>(const std::string& request)>;

  explicit Peer(Answer answer)
      : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    (void)bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
    (void)listen(listener_, 64);
    (void)getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Peer() {
    is_over_ = true;
    thread_.join();
    for (std::thread& one : connections_) one.join();
    close(listener_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] uint16_t port() const { return port_; }
  // What was asked so far.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  static bool is_ready(int descriptor) {
    pollfd wanted{descriptor, POLLIN, 0};
    return poll(&wanted, 1, 20) > 0;
  }

  void serve() {
    while (!is_over_) {
      if (!is_ready(listener_)) continue;
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection >= 0) connections_.emplace_back([this, connection] { talk(connection); });
    }
  }

  // A head, and as many bytes as it says.
  static bool is_whole(const std::string& request) {
    const size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const size_t length = request.find("Content-Length: ");
    const size_t body =
        length < head ? std::strtoul(request.c_str() + length + 16, nullptr, 10) : 0;
    return request.size() >= head + 4 + body;
  }

  void talk(int connection) {
    std::string request;
    char part[4096];
    while (!is_over_ && !is_whole(request)) {
      if (!is_ready(connection)) continue;
      const ssize_t size = recv(connection, part, sizeof part, 0);
      if (size <= 0) break;
      request.append(part, static_cast<size_t>(size));
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    for (const std::string& text : answer_(request)) {
      if (is_over_ || send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    close(connection);
  }

  const Answer answer_;
  const int listener_;
  uint16_t port_ = 0;
  std::atomic<bool> is_over_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::thread> connections_;  // of the serving thread until it is joined
  std::thread thread_;
};

inline std::string http_answer(const std::string& body, const std::string& status = "200 OK",
                               const std::string& type = "text/plain") {
  return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace weir::test
