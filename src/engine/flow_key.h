// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "base/keyed_hash.h"
#include "decode/decoded_packet.h"
#include "net/ip_address.h"
#include "net/vlan_tags.h"

namespace weir {

// The two ends of a flow. End 0 is the one with the lower (address, port); which of them is the
// client is another question. Sent "from end i" and "to end 1 - i".
struct FlowEnds {
  std::array<IpAddress, 2> address;
  std::array<uint16_t, 2> port{};
  VlanTags vlan;
  uint8_t protocol = 0;

  bool operator==(const FlowEnds&) const = default;
};

// The 6-tuple of a packet in the form the flow table looks up: 16 bytes, the same for both
// directions, and its keyed hash. IPv4 with at most two VLAN tags fits exactly. Everything else is
// a 128-bit keyed fingerprint; then is_exact() is false and a match must be confirmed with
// FlowEnds.
struct FlowKey {
  std::array<uint64_t, 2> words{};
  uint64_t hash = 0;
  uint8_t kind = 0;    // never 0 in a key that was made; 0x80 set: a fingerprint
  uint8_t sender = 0;  // the end that sent the packet

  [[nodiscard]] bool is_exact() const { return (kind & 0x80) == 0; }
};

// Makes the key of an IPv4 packet: addresses as they lie in memory, ports as source << 16 |
// destination, VLAN identifiers as ids[0] | ids[1] << 12. Its hash is hash_exact_key()'s matter. No
// branch. In place: a key that is returned is copied by the compiler in pieces that are not those
// it was written in, and the processor waits for each.
[[gnu::always_inline]] inline void make_exact_flow_key(FlowKey& key, uint32_t source,
                                                       uint32_t destination, uint32_t ports,
                                                       uint32_t vlan_ids, uint32_t vlan_count,
                                                       uint32_t protocol) {
  constexpr uint32_t kExact = 0x40;
  const uint64_t first = static_cast<uint64_t>(source) << 16 | ports >> 16;
  const uint64_t second = static_cast<uint64_t>(destination) << 16 | (ports & 0xffff);
  // Which end sent is a coin's toss that no branch predictor wins: a choice without a branch.
  const bool is_swapped = first > second;
  const uint64_t low = is_swapped ? second : first;
  const uint64_t high = is_swapped ? first : second;
  key.words[0] = low ^ static_cast<uint64_t>(protocol | (vlan_ids >> 16) << 8) << 48;
  key.words[1] = high ^ static_cast<uint64_t>(vlan_ids & 0xffff) << 48;
  key.kind = static_cast<uint8_t>(kExact | vlan_count);
  key.sender = static_cast<uint8_t>(is_swapped);
}

// Cost: two multiplications.
[[nodiscard]] inline uint64_t hash_exact_key(const FlowKey& key, const KeyedHash& hash) {
  return hash.of(key.words[0], key.words[1]);
}

// REQUIRES: packet.has_ip. Cost: two multiplications for IPv4, five for IPv6.
[[nodiscard]] FlowKey make_flow_key(const DecodedPacket& packet, const KeyedHash& hash);
// The ends of the packet's flow; `sender` as in its key.
[[nodiscard]] FlowEnds make_flow_ends(const DecodedPacket& packet, uint8_t sender);

// The hash of a host's key, independent of the flows'.
[[nodiscard]] uint64_t hash_host(const IpAddress& address, const VlanTags& vlan,
                                 const KeyedHash& hash);

}  // namespace weir
