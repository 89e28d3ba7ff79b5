// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/decoded_packet.h"
#include "net/packet_view.h"

namespace weir {

// Reads a packet from its link layer to its innermost transport header. A payload cut short by the
// snap length is not an error. Pure: no state, no allocation, no log, no recursion; at most
// kMaxLayers headers and kMaxTunnelDepth tunnels. `out` is overwritten (its addresses only when
// there is IP); out.payload points into packet.data and lives as long as that. What is inside a
// tunnel counts only when its IP header reads well; else the flow is that of the header around it.
// Cost: bench/decode_bench.cc; what is plain (plain_packet.h) takes the straight way.
void decode(const PacketView& packet, DecodedPacket& out);

// The same answer without the straight way: header by header through the dispatch table.
void walk_layers(const PacketView& packet, DecodedPacket& out);

}  // namespace weir
