// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/flow_key.h"

#include <bit>
#include <compare>
#include <cstring>
#include <utility>

namespace weir {
namespace {

constexpr uint8_t kFingerprint = 0x80;
constexpr uint8_t kMaxExactTags = 2;

uint64_t vlan_word(const VlanTags& vlan) {
  static_assert(sizeof(vlan.ids) == sizeof(uint64_t));
  return std::bit_cast<uint64_t>(vlan.ids);
}

struct AddressWords {
  uint64_t high;
  uint64_t low;
  auto operator<=>(const AddressWords&) const = default;
};

AddressWords words_of(const IpAddress& address) {
  return std::bit_cast<AddressWords>(address.bytes());
}

struct End {
  AddressWords address;
  uint16_t port;
  auto operator<=>(const End&) const = default;
};

FlowKey fingerprint(const DecodedPacket& packet, const KeyedHash& hash) {
  End first{words_of(packet.source), packet.source_port};
  End second{words_of(packet.destination), packet.destination_port};
  FlowKey key;
  key.sender = first <= second ? 0 : 1;
  if (key.sender == 1) std::swap(first, second);
  const std::array<uint64_t, 6> words{
      first.address.high,
      first.address.low,
      second.address.high,
      second.address.low,
      static_cast<uint64_t>(first.port) << 48 | static_cast<uint64_t>(second.port) << 32 |
          static_cast<uint64_t>(packet.vlan.count) << 8 | packet.protocol,
      vlan_word(packet.vlan)};
  key.hash = hash.of(words.data(), words.size());
  key.words = {key.hash, hash.mix(key.hash ^ words[1] ^ std::rotl(words[3], 32))};
  key.kind = kFingerprint;
  return key;
}

}  // namespace

FlowKey make_flow_key(const DecodedPacket& packet, const KeyedHash& hash) {
  if (!packet.is_v6 && packet.vlan.count <= kMaxExactTags) {
    FlowKey key;
    make_exact_flow_key(key, packet.source.v4_bits(), packet.destination.v4_bits(),
                        static_cast<uint32_t>(packet.source_port) << 16 | packet.destination_port,
                        packet.vlan.ids[0] | static_cast<uint32_t>(packet.vlan.ids[1]) << 12,
                        packet.vlan.count, packet.protocol);
    key.hash = hash_exact_key(key, hash);
    return key;
  }
  return fingerprint(packet, hash);
}

FlowEnds make_flow_ends(const DecodedPacket& packet, uint8_t sender) {
  FlowEnds ends;
  ends.address[sender] = packet.source;
  ends.address[1 - sender] = packet.destination;
  ends.port[sender] = packet.source_port;
  ends.port[1 - sender] = packet.destination_port;
  ends.vlan = packet.vlan;
  ends.protocol = packet.protocol;
  return ends;
}

uint64_t hash_host(const IpAddress& address, const VlanTags& vlan, const KeyedHash& hash) {
  const AddressWords words = words_of(address);
  const std::array<uint64_t, 3> key{words.high, words.low ^ static_cast<uint64_t>(vlan.count) << 56,
                                    vlan_word(vlan)};
  return hash.mix(hash.of(key.data(), key.size()));
}

}  // namespace weir
