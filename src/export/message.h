// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace weir {

// What is sent in one piece: a line, a datagram, a ZeroMQ message. A plain value.
struct Message {
  std::string bytes;
  uint32_t flows = 0;  // that it tells of
};

}  // namespace weir
