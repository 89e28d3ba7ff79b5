// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/decoded_packet.h"
#include "net/packet_view.h"

namespace weir {

// Reads a packet from its link layer to its innermost transport header. A payload cut short by the snap length is not an error.
// Pure: no state, no allocation, no log; at most kMaxLayers headers, each of which consumes at least one byte.
// `out` is overwritten; out.payload points into packet.data and lives as long as that.
// Cost: 4 to 15 ns for Ethernet, IP and TCP or UDP.
void decode(const PacketView& packet, DecodedPacket& out);

}  // namespace weir
