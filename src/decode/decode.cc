// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/decode.h"

#include <algorithm>

#include "decode/dispatch.h"
#include "decode/plain_packet.h"
#include "decode/vlan.h"
#include "decode/walk.h"

namespace weir {
namespace {

// All but the addresses, which mean nothing until has_ip. Member by member, because GCC clears the
// whole of it with `rep stos`, which takes 5 ns.
void clear(DecodedPacket& out) {
  out.source_port = 0;
  out.destination_port = 0;
  out.protocol = 0;
  out.has_ip = false;
  out.is_v6 = false;
  out.error = DecodeError::kNone;
  out.ethertype = 0;
  out.vlan = {};
  out.tunnels = {};
  out.source_mac = {};
  out.destination_mac = {};
  out.is_fragment = false;
  out.is_later_fragment = false;
  out.fragment_id = 0;
  out.tcp_flags = 0;
  out.tcp_window = 0;
  out.tcp_sequence = 0;
  out.tcp_acknowledgement = 0;
  out.icmp_type = 0;
  out.icmp_code = 0;
  out.network = nullptr;
  out.network_length = 0;
  out.payload = nullptr;
  out.payload_length = 0;
  out.payload_wire_length = 0;
}

}  // namespace

void decode(const PacketView& packet, DecodedPacket& out) {
  if (!decode_plain(packet, out)) walk_layers(packet, out);
}

void walk_layers(const PacketView& packet, DecodedPacket& out) {
  clear(out);
  if (packet.vlan_tpid != 0) push_vlan_tag(out.vlan, packet.vlan_tci);
  Layer layer = kLayerOfLinkType.find(static_cast<uint16_t>(packet.link_type));
  if (layer == Layer::kDone) {
    out.error = DecodeError::kUnknownLinkType;
    return;
  }
  const uint32_t captured = packet.captured_length;
  const uint32_t on_wire = std::max(packet.wire_length, captured);
  Walk walk{
      .bytes = ByteReader(packet.data, captured), .not_captured = on_wire - captured, .out = out};
  for (int count = 0; count < kMaxLayers; ++count) {
    layer = kLayerFunctions[static_cast<size_t>(layer)](walk);
    if (layer == Layer::kDone) return;
  }
  out.error = DecodeError::kTooDeep;
}

}  // namespace weir
