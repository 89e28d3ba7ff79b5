// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "decode/decoded_packet.h"

namespace weir {

// What the first packet of a TCP connection says of the stack that sent it, in 64 bits: how far its
// TTL started, window, MSS, window scale and the order of its options. 0: nothing.
using SynFingerprint = uint64_t;

// Of a SYN without ACK whose header was captured to its end, IPv4 or IPv6 without extension
// headers; 0 for all else.
[[nodiscard]] SynFingerprint syn_fingerprint(const DecodedPacket& packet);

// "64:29200:1460:7:mss,sok,ts,nop,ws": TTL at the start (32, 64, 128 or 255), window, MSS, window
// scale, the first eight options ("?" for those without a name here). "-" for an option that is not
// there. REQUIRES: not 0.
[[nodiscard]] std::string syn_fingerprint_text(SynFingerprint fingerprint);

}  // namespace weir
