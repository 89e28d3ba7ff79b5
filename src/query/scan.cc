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
}

}  // namespace

std::vector<HostRecord> merged_hosts(const Interface& interface) {
  std::vector<HostRecord> hosts;
  for (const auto& shard : interface.shards()) {
    const uint32_t now = shard->clock_second();
    for (uint32_t slot = 1; slot < shard->hosts().limit(); ++slot) {
      if (const auto host = shard->hosts().snapshot(slot, now)) hosts.push_back(*host);
    }
  }
  std::sort(hosts.begin(), hosts.end(),
            [](const HostRecord& a, const HostRecord& b) { return a.key < b.key; });
  size_t kept = 0;
  for (size_t i = 0; i < hosts.size(); ++i) {
    if (kept > 0 && hosts[kept - 1].key == hosts[i].key) {
      merge(hosts[kept - 1], hosts[i]);
    } else {
      hosts[kept++] = hosts[i];
    }
  }
  hosts.resize(kept);
  return hosts;
}

}  // namespace weir
