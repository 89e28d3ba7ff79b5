// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/fragment_table.h"

#include <algorithm>

#include "engine/flow_key.h"

namespace weir {

FragmentTable::Key FragmentTable::key_of(const DecodedPacket& packet) {
  return {packet.source, packet.destination, packet.vlan, packet.fragment_id, packet.protocol};
}

FragmentTable::Entry* FragmentTable::set_of(const Key& key) {
  if (entries_.empty()) entries_.resize(kEntries);
  const uint64_t addresses = hash_host(key.source, key.vlan, hash_) ^
                             hash_.mix(hash_host(key.destination, key.vlan, hash_));
  const uint64_t hash = hash_.of(addresses, static_cast<uint64_t>(key.id) << 8 | key.protocol);
  return &entries_[hash % (kEntries / kWays) * kWays];
}

void FragmentTable::resolve(DecodedPacket& packet, Timestamp when) {
  const Key key = key_of(packet);
  Entry* const set = set_of(key);
  Entry* const end = set + kWays;
  Entry* const found =
      std::find_if(set, end, [&](const Entry& entry) { return entry.in_use && entry.key == key; });
  if (packet.is_later_fragment) {
    // Either way round: fragments may be captured out of order.
    const bool is_fresh = found != end && when.seconds - (found->when.seconds - kLifetimeSeconds) <=
                                              2 * kLifetimeSeconds;
    if (!is_fresh) {
      ++unresolved_;
      return;
    }
    packet.source_port = found->source_port;
    packet.destination_port = found->destination_port;
    return;
  }
  Entry* const place =
      found != end ? found : std::min_element(set, end, [](const Entry& a, const Entry& b) {
        return std::make_pair(a.in_use, a.when) < std::make_pair(b.in_use, b.when);
      });
  *place = {key, when, packet.source_port, packet.destination_port, true};
}

}  // namespace weir
