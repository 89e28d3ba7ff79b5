// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/decoded_packet.h"
#include "record/collected_flow.h"

namespace weir {

// What the headers that an exporter sampled say of their flow: all but its traffic, its times and
// where it was seen.
inline void take_decoded(const DecodedPacket& decoded, CollectedFlow& flow) {
  flow.has_ip = decoded.has_ip;
  flow.ethertype = decoded.ethertype;
  flow.source = decoded.source;
  flow.destination = decoded.destination;
  flow.source_port = decoded.source_port;
  flow.destination_port = decoded.destination_port;
  flow.protocol = decoded.protocol;
  flow.tcp_flags = decoded.tcp_flags;
  flow.vlan = decoded.vlan;
  flow.tunnels = decoded.tunnels;
  flow.source_mac = decoded.source_mac;
  flow.destination_mac = decoded.destination_mac;
}

}  // namespace weir
