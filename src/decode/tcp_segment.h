// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "decode/decoded_packet.h"
#include "net/ip_protocol.h"

namespace weir {

// What a TCP connection learns from a segment (RFC 9293).
struct TcpSegment {
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;
  uint32_t payload_length = 0;  // on the wire
  uint16_t window = 0;          // unscaled
  uint8_t flags = 0;            // TcpFlag bits

  bool operator==(const TcpSegment&) const = default;
};

// Whether the packet holds a TCP header that was read to its end.
inline bool has_tcp_segment(const DecodedPacket& packet) {
  return packet.protocol == kProtocolTcp && packet.error == DecodeError::kNone &&
         !packet.is_later_fragment;
}
// REQUIRES: has_tcp_segment().
inline TcpSegment tcp_segment(const DecodedPacket& packet) {
  return {packet.tcp_sequence, packet.tcp_acknowledgement, packet.payload_wire_length,
          packet.tcp_window, packet.tcp_flags};
}

}  // namespace weir
