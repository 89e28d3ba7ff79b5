// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "engine/interface.h"
#include "query/host_details.h"
#include "query/merged_hosts.h"
#include "query/row_context.h"
#include "record/flow_record.h"
#include "record/host_record.h"

namespace weir {

// Whether a record is to say what is known of the flow's payload, which costs more than the rest.
enum class FlowDetail : uint8_t { kCounters, kAll };

// Whether the hosts of a shard are placed where the places of an answer say.
[[nodiscard]] inline bool are_placed(const Shard& shard, const RowContext& context) {
  return context.places() != nullptr && shard.has_placed_by(context.places()->source());
}

// Calls visit(slot) for each live record of a table, and prefetch(slot) some records before that,
// which hides the time that memory takes.
template <typename Table, typename Prefetch, typename Visit>
void visit_live_ahead(const Table& table, Prefetch&& prefetch, Visit&& visit) {
  constexpr size_t kAhead = 16;  // a power of two
  std::array<uint32_t, kAhead> slots;
  size_t count = 0;
  table.visit_live([&](uint32_t slot) {
    uint32_t& place = slots[count % kAhead];
    if (count >= kAhead) visit(place);
    place = slot;
    ++count;
    prefetch(slot);
  });
  for (size_t i = count - std::min(count, kAhead); i < count; ++i) visit(slots[i % kAhead]);
}

// Calls visit(const FlowRecord&, shard number among all interfaces) for each live flow, whose
// record is the visitor's until it returns. Any thread.
template <typename Visit>
void visit_flows(const Interface& interface, Visit&& visit,
                 FlowDetail detail = FlowDetail::kCounters) {
  for (uint32_t i = 0; i < interface.shards().size(); ++i) {
    const Shard& shard = *interface.shards()[i];
    const FlowTable& flows = shard.flows();
    const uint32_t now = shard.clock_second();
    FlowRecord counted;
    flows.visit_live([&](uint32_t slot) {
      if (detail == FlowDetail::kAll) {
        if (const auto flow = flows.full_snapshot(slot, now))
          visit(*flow, interface.first_shard() + i);
      } else if (flows.read(slot, now, counted)) {
        visit(counted, interface.first_shard() + i);
      }
    });
  }
}

// Calls visit(HostRecord, entry) for the hosts that gave way to the memory budget and are still
// named. A host that does so, or comes back, while it and the live ones are visited may be visited
// twice.
template <typename Visit>
void visit_tail_entries(const Shard& shard, Visit&& visit) {
  if (!shard.tail().was_used()) return;
  const uint32_t now = shard.clock_second();
  for (uint32_t entry = 0; entry < shard.tail().limit(); ++entry) {
    if (const auto host = shard.tail().snapshot(entry, now)) visit(*host, entry);
  }
}
template <typename Visit>
void visit_tail(const Shard& shard, Visit&& visit) {
  visit_tail_entries(shard, [&](const HostRecord& host, uint32_t) { visit(host); });
}

// All hosts that one shard can name.
template <typename Visit>
void visit_shard_hosts(const Shard& shard, Visit&& visit,
                       HostDetail detail = HostDetail::kCounters) {
  if (detail == HostDetail::kCounters) {
    HostRecord host;  // the same for all of them; its profile stays empty
    shard.hosts().visit_live([&](uint32_t slot) {
      if (shard.hosts().read(slot, shard.clock_second(), host)) visit(host);
    });
    visit_tail(shard, visit);
    return;
  }
  const auto visit_with_facts = [&](HostRecord host) {
    shard.add_facts(host.key, host.profile.facts);
    visit(host);
  };
  shard.hosts().visit_live([&](uint32_t slot) {
    if (auto host = part_of_host(shard, slot, detail)) visit_with_facts(*std::move(host));
  });
  visit_tail(shard, [&](const HostRecord& host) { visit_with_facts(with_profile(host)); });
}

// Calls visit(HostRecord) for each host that is live or in a tail; one whose flows lie in several
// shards is one host all the same. Any thread. Cost: one shard is scanned in place; for several,
// see visit_merged_hosts().
template <typename Visit>
void visit_hosts(const Interface& interface, Visit&& visit,
                 HostDetail detail = HostDetail::kCounters) {
  if (interface.shards().size() > 1) {
    visit_merged_hosts(interface, visit, detail);
    return;
  }
  visit_shard_hosts(*interface.shards().front(), visit, detail);
}

}  // namespace weir
