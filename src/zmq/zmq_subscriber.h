// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "zmq/zmq_link.h"

namespace weir {

// A message of two parts. Everything lives during the call.
struct ZmqMessage {
  std::span<const uint8_t> header;
  std::span<const uint8_t> payload;
  std::string_view peer_address;  // "192.0.2.1", "::1"; "" where there is none (ipc)
  std::string_view peer_key;      // the public key that was let in; "" of one to whom we connected
};

// Hears all that publishers send: a SUB socket that is bound, with several peers, or connects to
// one. libzmq connects again by itself. Owner: one thread.
class ZmqSubscriber {
 public:
  // Of what libzmq holds for each peer: so many messages, each at most so long. A peer that sends a
  // longer one is cut off.
  static constexpr int kQueuedMessages = 8;
  static constexpr int64_t kMaxMessageBytes = int64_t{4} << 20;

  static Result<std::unique_ptr<ZmqSubscriber>> open(const ZmqLinkOptions& options);

  // Waits at most `timeout` for something, then takes what is there, up to some hundred messages.
  // Those that have not exactly two parts are counted and left out. False when nothing came.
  bool poll(std::chrono::milliseconds timeout, const std::function<void(const ZmqMessage&)>& take);

  [[nodiscard]] ZmqLinkStatistics links() const { return link_->statistics(); }
  [[nodiscard]] uint64_t messages() const { return messages_; }
  // Messages of fewer or more than two parts.
  [[nodiscard]] uint64_t misshapen() const { return misshapen_; }
  [[nodiscard]] std::string address() const { return link_->address(); }

 private:
  explicit ZmqSubscriber(std::unique_ptr<ZmqLink> link) : link_(std::move(link)) {}

  std::unique_ptr<ZmqLink> link_;
  uint64_t messages_ = 0;
  uint64_t misshapen_ = 0;
};

}  // namespace weir
