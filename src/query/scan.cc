// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/scan.h"

#include <algorithm>

namespace weir {
namespace {

void merge(HostRecord& into, const HostRecord& other) {
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    into.sent[i] += other.sent[i];
    into.received[i] += other.received[i];
  }
  into.rate_sent += other.rate_sent;
  into.rate_received += other.rate_received;
  // Of the shard that saw it first, so that the answer does not depend on how flows were spread.
  if (other.first_seen < into.first_seen) into.mac = other.mac;
  into.first_seen = std::min(into.first_seen, other.first_seen);
  into.last_seen = std::max(into.last_seen, other.last_seen);
  into.active_flows += other.active_flows;
  into.bytes_error += other.bytes_error;
}

// A host and the shards that know it, as bits of the lowest 64.
struct Found {
  HostRecord host;
  uint64_t shards = 0;
};

// What a host may have had in a shard that does not know it any more.
void add_unknown(Found& found, const Interface& interface) {
  for (size_t i = 0; i < interface.shards().size(); ++i) {
    const Shard& shard = *interface.shards()[i];
    const bool is_known = i < 64 && (found.shards >> i & 1) != 0;
    if (!is_known && shard.tail().was_used())
      found.host.bytes_error += shard.forgotten_bytes(found.host.key);
  }
}

}  // namespace

std::vector<HostRecord> merged_hosts(const Interface& interface) {
  std::vector<Found> all;
  for (size_t i = 0; i < interface.shards().size(); ++i) {
    const uint64_t bit = i < 64 ? uint64_t{1} << i : 0;
    visit_shard_hosts(*interface.shards()[i], [&](const HostRecord& host) {
      all.push_back({host, bit});
    });
  }
  std::sort(all.begin(), all.end(),
            [](const Found& a, const Found& b) { return a.host.key < b.host.key; });
  std::vector<HostRecord> hosts;
  for (size_t i = 0; i < all.size();) {
    Found& found = all[i];
    size_t next = i + 1;
    for (; next < all.size() && all[next].host.key == found.host.key; ++next) {
      merge(found.host, all[next].host);
      found.shards |= all[next].shards;
    }
    add_unknown(found, interface);
    hosts.push_back(found.host);
    i = next;
  }
  return hosts;
}

}  // namespace weir
