// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ends_glance.h"

namespace weir {

uint64_t folded_ends(const DecodedPacket& packet) {
  const uint32_t ports = static_cast<uint32_t>(packet.source_port) << 16 | packet.destination_port;
  if (!packet.is_v6) {
    return fold_ends(packet.source.v4_bits() ^ packet.destination.v4_bits(), ports);
  }
  using Halves = std::array<uint64_t, 2>;
  const auto source = std::bit_cast<Halves>(packet.source.bytes());
  const auto destination = std::bit_cast<Halves>(packet.destination.bytes());
  return fold_ends(fold_v6_addresses(source[0] ^ destination[0], source[1] ^ destination[1]),
                   ports);
}

}  // namespace weir
