// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "export/message_channel.h"

namespace weir {

// Sends messages over TCP or TLS (libcurl). A message is kept until the peer's TCP has confirmed
// it; when the connection breaks, what was not confirmed is sent again on the next one, whole, so
// that a reader who ignores what a connection left unfinished gets each once. What the peer's
// machine had taken and its program never read is lost.
class StreamChannel final : public MessageChannel {
 public:
  explicit StreamChannel(const OutletSpec& spec);
  ~StreamChannel() override;

  Result<void> open(const IsOver& is_over) override;
  Result<void> send(std::vector<Message>&& messages, const IsOver& is_over) override;
  Result<void> look() override;

 private:
  struct Connection;

  [[nodiscard]] Result<void> write(const std::string& bytes, const IsOver& is_over);
  // Lets go of what was confirmed.
  void settle();
  Error fail(const char* why);

  std::string url_;
  std::string ca_file_;
  bool is_secure_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace weir
