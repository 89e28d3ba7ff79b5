// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "export/message_channel.h"

namespace weir {

// Sends each message as a UDP datagram. Nobody says whether it arrives; where no one listens the
// other machine may say so, and that is counted. What this machine does not send waits. A burst is
// spread, to some 16,000 datagrams a second. The name is looked up when it is opened.
class DatagramChannel final : public MessageChannel {
 public:
  DatagramChannel(std::string host, uint16_t port);

  Result<void> open(const IsOver& is_over) override;
  Result<void> send(std::vector<Message>&& messages, const IsOver& is_over) override;
  [[nodiscard]] uint64_t refused() const override { return refused_; }

 private:
  [[nodiscard]] Result<void> send_kept(const IsOver& is_over);
  // False: it was not sent and may be tried again.
  [[nodiscard]] Result<bool> send_one(const Message& message, const IsOver& is_over);

  std::string host_;
  uint16_t port_;
  Descriptor socket_;
  uint64_t refused_ = 0;
  size_t burst_ = 0;  // datagrams
};

}  // namespace weir
