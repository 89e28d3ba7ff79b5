// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "export/message.h"
#include "export/outlet_spec.h"
#include "zmq/zmq_link.h"

namespace weir {

// Carries messages to where they go: a file, a peer. It keeps what it took until it is sure that it
// arrived, as far as the transport tells, and sends that first when it is opened again. Owner: one
// thread, which may wait in it; whoever waits looks at `is_over` about once a second or more often,
// but for what the system takes to look up a name.
class MessageChannel {
 public:
  using IsOver = std::function<bool()>;

  virtual ~MessageChannel() = default;
  // Opens or connects, and sends what it kept. Error: why not; it may be tried again.
  virtual Result<void> open(const IsOver& is_over) = 0;
  // Takes the messages. Error: what was open no longer is. REQUIRES: open() went well, and nothing
  // failed since.
  virtual Result<void> send(std::vector<Message>&& messages, const IsOver& is_over) = 0;
  // Nothing is to be sent: looks whether it is still open. As send().
  virtual Result<void> look() { return {}; }
  // Flows in messages that may not have arrived.
  [[nodiscard]] uint64_t kept() const { return kept_flows_; }
  // Messages that the peer is known to have refused; they are lost.
  [[nodiscard]] virtual uint64_t refused() const { return 0; }
  // What else there is to say, by name; null: nothing.
  [[nodiscard]] virtual Value statistics() const { return {}; }

 protected:
  // The messages that it keeps, the oldest first.
  [[nodiscard]] const std::deque<Message>& kept_messages() const { return messages_; }
  void keep(std::vector<Message>&& messages) {
    for (Message& message : messages) {
      kept_flows_ += message.flows;
      messages_.push_back(std::move(message));
    }
  }
  // The oldest arrived, or is lost.
  void let_go() {
    kept_flows_ -= messages_.front().flows;
    messages_.pop_front();
  }

 private:
  std::deque<Message> messages_;
  uint64_t kept_flows_ = 0;
};

// `link`: for ZeroMQ, null for the others. Error: the link cannot be had; the others cannot fail
// before they are opened.
[[nodiscard]] Result<std::unique_ptr<MessageChannel>> make_channel(const OutletSpec& spec,
                                                                   const ZmqLinkOptions* link);

}  // namespace weir
