// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "export/message_channel.h"
#include "zmq/zmq_publisher.h"

namespace weir {

// Publishes messages over ZeroMQ to all that hear. While nobody does, and while one is too slow to
// take more, they wait. A message that was handed to libzmq may still be lost with a connection:
// the numbers in its header tell the other side.
class ZmqChannel final : public MessageChannel {
 public:
  // Errors: the address cannot be had, the link may not be.
  static Result<std::unique_ptr<ZmqChannel>> open(const ZmqLinkOptions& link, std::string topic);

  // Error: nobody listens.
  Result<void> open(const IsOver& is_over) override;
  Result<void> send(std::vector<Message>&& messages, const IsOver& is_over) override;
  Result<void> look() override;
  [[nodiscard]] Value statistics() const override;

  // Where it is bound.
  [[nodiscard]] std::string address() const { return publisher_->address(); }

 private:
  ZmqChannel(std::unique_ptr<ZmqPublisher> publisher, std::string topic)
      : publisher_(std::move(publisher)), topic_(std::move(topic)) {}

  std::unique_ptr<ZmqPublisher> publisher_;
  std::string topic_;
};

}  // namespace weir
