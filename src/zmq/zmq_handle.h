// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <zmq.h>

#include <cerrno>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace weir {

// What the files of this module share of libzmq's C interface. Not for others.

inline Error zmq_error(std::string_view phrase) {
  const int number = zmq_errno();
  return {std::string(phrase) + ": " + zmq_strerror(number), number};
}

// A socket that is closed. Owner: one thread.
class ZmqHandle {
 public:
  ZmqHandle() = default;
  ZmqHandle(void* context, int type) : socket_(zmq_socket(context, type)) {}
  ZmqHandle(ZmqHandle&& other) noexcept : socket_(std::exchange(other.socket_, nullptr)) {}
  ZmqHandle& operator=(ZmqHandle&& other) noexcept {
    std::swap(socket_, other.socket_);
    return *this;
  }
  ~ZmqHandle() { close(); }
  void close() {
    if (socket_ != nullptr) (void)zmq_close(std::exchange(socket_, nullptr));
  }

  [[nodiscard]] void* get() const { return socket_; }
  [[nodiscard]] bool is_open() const { return socket_ != nullptr; }
  // Whether libzmq took it.
  bool set(int option, int value) const {
    return zmq_setsockopt(socket_, option, &value, sizeof value) == 0;
  }
  bool set(int option, int64_t value) const {
    return zmq_setsockopt(socket_, option, &value, sizeof value) == 0;
  }
  bool set(int option, const std::string& value) const {
    return zmq_setsockopt(socket_, option, value.data(), value.size()) == 0;
  }

 private:
  void* socket_ = nullptr;
};

class ZmqContext {
 public:
  ZmqContext() : context_(zmq_ctx_new()) {}
  ZmqContext(const ZmqContext&) = delete;
  ZmqContext& operator=(const ZmqContext&) = delete;
  // Waits for what sockets still have to send, as long as their linger says.
  ~ZmqContext() {
    if (context_ == nullptr) return;
    while (zmq_ctx_term(context_) != 0 && zmq_errno() == EINTR) {
    }
  }
  [[nodiscard]] void* get() const { return context_; }

 private:
  void* context_;
};

// One part of a message. Owner: one thread.
class ZmqPart {
 public:
  ZmqPart() { (void)zmq_msg_init(&message_); }
  ZmqPart(const ZmqPart&) = delete;
  ZmqPart& operator=(const ZmqPart&) = delete;
  ~ZmqPart() { (void)zmq_msg_close(&message_); }

  // The next part; false when there is none now.
  bool receive(void* socket) {
    int got = -1;
    do {
      got = zmq_msg_recv(&message_, socket, ZMQ_DONTWAIT);
    } while (got < 0 && zmq_errno() == EINTR);
    return got >= 0;
  }
  [[nodiscard]] bool has_more() const { return zmq_msg_more(&message_) != 0; }
  [[nodiscard]] std::span<const uint8_t> bytes() const {
    // libzmq takes no const, though it changes nothing.
    auto* const message = const_cast<zmq_msg_t*>(&message_);
    return {static_cast<const uint8_t*>(zmq_msg_data(message)), zmq_msg_size(message)};
  }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes().data()), bytes().size()};
  }
  // Of its connection; "" when there is no such property. Lives as long as the part.
  [[nodiscard]] std::string_view property(const char* name) const {
    const char* const value = zmq_msg_gets(&message_, name);
    return value == nullptr ? std::string_view() : value;
  }

 private:
  zmq_msg_t message_{};
};

}  // namespace weir
