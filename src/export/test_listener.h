// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

// A TCP server on a port of loopback that keeps what each connection sent.
class Listener {
 public:
  explicit Listener(uint16_t port = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    (void)setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    const int small = 4096;
    (void)setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    is_open_ = bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
               listen(socket_, 8) == 0;
    (void)getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Listener() {
    is_over_ = true;
    thread_.join();
    ::close(socket_);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] uint16_t port() const { return port_; }
  // The next connection ends once all that its peer may send until somebody reads has come, so that
  // what was confirmed is what connections() has of it.
  void hang_up_when_full() { hangs_up_ = true; }
  [[nodiscard]] std::vector<std::string> connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }
  // What came on all of them, whole lines only.
  [[nodiscard]] std::string lines() const {
    std::string all;
    for (const std::string& text : connections()) all += text.substr(0, text.rfind('\n') + 1);
    return all;
  }

 private:
  [[nodiscard]] bool is_ready(int descriptor) const {
    pollfd wanted{descriptor, POLLIN, 0};
    return ::poll(&wanted, 1, 10) > 0;
  }
  void serve() {
    while (!is_over_) {
      if (!is_ready(socket_)) continue;
      const int connection = ::accept(socket_, nullptr, nullptr);
      if (connection >= 0) read(connection);
    }
  }
  void read(int connection) {
    size_t index = 0;
    {
      const std::lock_guard lock(mutex_);
      index = connections_.size();
      connections_.emplace_back();
    }
    if (hangs_up_.exchange(false)) {
      keep(index, all_that_comes(connection));
      ::close(connection);  // with what was not read: the peer hears a reset
      return;
    }
    while (!is_over_) {
      if (!is_ready(connection)) continue;
      std::string part(4096, '\0');
      const ssize_t size = ::recv(connection, part.data(), part.size(), 0);
      if (size <= 0) break;
      part.resize(static_cast<size_t>(size));
      keep(index, part);
    }
    ::close(connection);
  }

  // Without taking it, until no more came for a while.
  [[nodiscard]] std::string all_that_comes(int connection) const {
    std::string all(8 << 20, '\0');
    ssize_t size = 0;
    for (int quiet = 0; quiet < 20 && !is_over_; ++quiet) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const ssize_t now = ::recv(connection, all.data(), all.size(), MSG_PEEK | MSG_DONTWAIT);
      if (now > size) quiet = 0;
      size = std::max(size, now);
    }
    all.resize(static_cast<size_t>(size));
    return all;
  }
  void keep(size_t index, const std::string& part) {
    const std::lock_guard lock(mutex_);
    connections_[index] += part;
  }

  int socket_ = -1;
  bool is_open_ = false;
  uint16_t port_ = 0;
  std::atomic<bool> is_over_{false};
  std::atomic<bool> hangs_up_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> connections_;
  std::thread thread_;
};

}  // namespace weir::test
