// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace weir {

// Cuts the bytes of a TCP connection into IPFIX messages by their lengths (RFC 7011, 10.4.3).
// Holds less than one message. Owner: the thread that reads the connection.
class IpfixStream {
 public:
  // The next bytes; calls take(message) for each message that is whole. False when they are no
  // IPFIX: nothing that follows can be read, and the connection is to be closed.
  [[nodiscard]] bool feed(std::span<const uint8_t> bytes,
                          const std::function<void(std::span<const uint8_t>)>& take);

  [[nodiscard]] size_t held() const { return held_.size(); }

 private:
  std::vector<uint8_t> held_;  // the beginning of a message; at most 65,535 bytes
};

}  // namespace weir
