// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/byte_reader.h"
#include "decode/decoded_packet.h"
#include "decode/layer.h"

namespace weir {

// Where decode() stands in a packet: what each layer reads from and writes to. Lives for one
// packet, on the stack.
struct Walk {
  // Captured bytes from the current header on, cut to what the headers around it allow.
  ByteReader bytes;
  // Bytes that were on the wire behind those, as far as the headers allow.
  uint32_t not_captured;
  DecodedPacket& out;
  TunnelStack tunnels{};  // met so far; in out.tunnels from the next IP header on
  VlanTags inner_vlan{};  // tags met inside a tunnel; in out.vlan from the next IP header on
  uint8_t tunnel_depth = 0;
  // Still in the outermost frame: MAC addresses and ethertype belong in `out`.
  bool is_outermost = true;
  // A port number says "tunnel": what does not fit is no tunnel, and no error.
  bool is_guess = false;
  // A length field is 0 because hardware or kernel put segments together.
  bool is_offloaded = false;
  // Radiotap says that the 802.11 header is padded to 4 bytes.
  bool is_data_padded = false;

  // What was on the wire from here on.
  [[nodiscard]] uint32_t wire_length() const {
    return static_cast<uint32_t>(bytes.remaining()) + not_captured;
  }
  // Moves past `count` bytes, at most to the end.
  void consume(size_t count) {
    if (!bytes.can_read(count)) {
      const size_t beyond = count - bytes.remaining();
      not_captured -= static_cast<uint32_t>(beyond < not_captured ? beyond : not_captured);
    }
    bytes.skip(count);
  }
  // Forgets what lies beyond `count` bytes from here (padding, trailers).
  void limit(size_t count) {
    if (bytes.can_read(count)) {
      bytes.truncate(count);
      not_captured = 0;
    } else if (count - bytes.remaining() < not_captured) {
      not_captured = static_cast<uint32_t>(count - bytes.remaining());
    }
  }
  // The end of the walk, for a reason. What was learnt before stays.
  Layer fail(DecodeError error) {
    if (!is_guess) out.error = error;
    return Layer::kDone;
  }
  void set_ethertype(uint16_t ethertype) {
    if (is_outermost) out.ethertype = ethertype;
  }
  // Notes a tunnel whose header is consumed and goes on with what is in it.
  Layer enter(Tunnel tunnel, Layer inner) {
    is_outermost = false;
    if (++tunnel_depth > kMaxTunnelDepth) return fail(DecodeError::kTooDeep);
    tunnels.push(tunnel);
    return inner;
  }
  // Everything from here on is the packet's payload.
  void set_payload() {
    out.payload = bytes.empty() ? nullptr : bytes.data();
    out.payload_length = static_cast<uint32_t>(bytes.remaining());
    out.payload_wire_length = wire_length();
  }
};

}  // namespace weir
