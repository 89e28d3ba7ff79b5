// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "zmq/zmq_link.h"

namespace weir {

struct ZmqPublisherOptions {
  ZmqLinkOptions link;
  uint8_t source = 0;                      // tells publishers of one machine or key apart
  int queued_messages = 1000;              // for each subscriber that is slow
  std::chrono::milliseconds linger{2000};  // at the end, for what is still in the queues
};

// Sends messages with ntop's header of 24 bytes to all that hear: an XPUB socket that is bound or
// connects; libzmq connects again by itself, within 3 seconds. Never waits, but for `linger` when
// it is destroyed. What it said it sent may still be lost with a connection: nobody acknowledges.
// Owner: one thread.
class ZmqPublisher {
 public:
  // Of what a subscriber may send: its part of the handshake, and its subscriptions.
  static constexpr int64_t kMaxSubscriptionBytes = 4096;

  static Result<std::unique_ptr<ZmqPublisher>> open(const ZmqPublisherOptions& options);

  enum class Sent : uint8_t {
    kSent,    // it is in the queue of each subscriber
    kNobody,  // there is no subscriber: it went nowhere and has no number
    kFull,    // the queue of one is full: it went to nobody and has no number
  };
  // `topic`: "ipfix", "flow" ...; at most 15 bytes. The payload is copied. A caller that wants it
  // to arrive keeps it and tries again.
  Sent send(std::string_view topic, std::span<const uint8_t> payload);

  // Hears what became of connections and subscribers; waits at most so long. send() does so
  // without waiting. Call it now and then when nothing is to be sent.
  void poll(std::chrono::milliseconds timeout);

  // Subscriptions: one for each subscriber that wants all, as weir and ntop's do.
  [[nodiscard]] size_t subscribers() const { return subscribers_; }
  [[nodiscard]] uint64_t sent() const { return sent_; }
  // How often send() said kNobody and kFull.
  [[nodiscard]] uint64_t unheard() const { return unheard_; }
  [[nodiscard]] uint64_t full() const { return full_; }
  [[nodiscard]] ZmqLinkStatistics links() const { return link_->statistics(); }
  [[nodiscard]] std::string address() const { return link_->address(); }

 private:
  ZmqPublisher(std::unique_ptr<ZmqLink> link, uint8_t source)
      : link_(std::move(link)), source_(source) {}

  std::unique_ptr<ZmqLink> link_;
  uint8_t source_;
  uint32_t next_number_ = 0;
  size_t subscribers_ = 0;
  uint64_t sent_ = 0;
  uint64_t unheard_ = 0;
  uint64_t full_ = 0;
};

}  // namespace weir
