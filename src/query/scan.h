// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "engine/interface.h"
#include "record/flow_record.h"
#include "record/host_record.h"

namespace weir {

// Calls visit(FlowRecord, shard number among all interfaces) for each live flow. Any thread.
template <typename Visit>
void visit_flows(const Interface& interface, Visit&& visit) {
  for (uint32_t i = 0; i < interface.shards().size(); ++i) {
    const Shard& shard = *interface.shards()[i];
    const uint32_t now = shard.clock_second();
    const uint32_t limit = shard.flows().limit();
    for (uint32_t slot = 1; slot < limit; ++slot) {
      if (const auto flow = shard.flows().snapshot(slot, now))
        visit(*flow, interface.first_shard() + i);
    }
  }
}

// The hosts of several shards, one record for each host, by key.
[[nodiscard]] std::vector<HostRecord> merged_hosts(const Interface& interface);

// Calls visit(HostRecord) for each live host; one whose flows lie in several shards is one host all
// the same. Any thread. Cost: one shard is scanned in place, several are copied and sorted first.
template <typename Visit>
void visit_hosts(const Interface& interface, Visit&& visit) {
  if (interface.shards().size() > 1) {
    for (const HostRecord& host : merged_hosts(interface)) visit(host);
    return;
  }
  const Shard& shard = *interface.shards().front();
  const uint32_t now = shard.clock_second();
  const uint32_t limit = shard.hosts().limit();
  for (uint32_t slot = 1; slot < limit; ++slot) {
    if (const auto host = shard.hosts().snapshot(slot, now)) visit(*host);
  }
}

}  // namespace weir
