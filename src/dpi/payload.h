// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/byte_reader.h"
#include "base/timestamp.h"

namespace weir {

// What one packet adds to one direction of a flow, as a dissector sees it: bytes that follow on the
// last ones of that direction. The inspector has put TCP segments in order and left retransmitted
// bytes out; a datagram stands for itself. The bytes live until feed() returns.
struct Payload {
  ByteReader bytes;  // never empty
  bool to_server = true;
  bool is_tcp = true;
  bool is_stream_start = false;  // TCP: the first bytes of this direction's stream
  bool has_gap = false;  // TCP: bytes before these were not seen; datagram: its end was cut off
  uint16_t client_port = 0;
  uint16_t server_port = 0;
  Timestamp when;
};

}  // namespace weir
