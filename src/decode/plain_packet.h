// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/decoded_packet.h"
#include "net/packet_view.h"

namespace weir {

// The straight way for what nearly every packet is: Ethernet, at most one 802.1Q tag, IPv4 without
// options or IPv6 without extension headers, TCP or UDP, and nothing about it that is cut, wrong,
// fragmented or on the port of a tunnel. Then `out` is overwritten with what the walk through the
// dispatch table would have written (a test and a fuzz target compare the two). For all else it
// says false, and `out` is as it was. Cost: a third of the walk's (bench/decode_bench.cc).
[[nodiscard]] bool decode_plain(const PacketView& packet, DecodedPacket& out);

}  // namespace weir
