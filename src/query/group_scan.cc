// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/group_scan.h"

#include "query/scan.h"
#include "record/applications.h"

namespace weir {
namespace {

// Where the ends of the flow in a slot belong, by their hosts' records.
class PlaceReader {
 public:
  PlaceReader(const Shard& shard, const Places* places) : shard_(shard), places_(places) {}

  [[nodiscard]] FlowPlaces of(uint32_t slot, const FlowRecord& flow) const {
    const FlowHot& hot = shard_.flows().slot(slot).hot;
    const unsigned client = (hot.marks.read() & kMarkClientIsEnd1) != 0 ? 1 : 0;
    return {of_end(hot.host[client].read(), flow.client),
            of_end(hot.host[1 - client].read(), flow.server)};
  }

 private:
  [[nodiscard]] Place of_end(uint32_t host, const IpAddress& address) const {
    if (host != HostTable::kOther) return shard_.hosts().place(host);
    return places_ == nullptr ? Place{} : places_->of(address);
  }

  const Shard& shard_;
  const Places* places_;
};

void add_hosts(DistinctHosts& hosts, const FlowRecord& flow, const GroupParts::Part& part,
               const KeyedHash& hash) {
  if (part.has_end[0]) hosts.add(hash_host(flow.client, flow.vlan, hash));
  if (part.has_end[1]) hosts.add(hash_host(flow.server, flow.vlan, hash));
}

void add_ended(GroupScan& scan, const GroupTable& table) {
  table.visit([&](GroupKey key, const GroupSums& sums) { scan.groups[key].all += sums; });
  scan.other += table.other();
}

}  // namespace

GroupScan scan_groups(const std::vector<const Interface*>& interfaces, GroupKind kind,
                      const Places* places, const KeyedHash& hash) {
  GroupScan scan;
  for (const Interface* interface : interfaces) {
    for (const auto& shard : interface->shards()) {
      add_ended(scan, shard->groups().of(kind));
      scan.beyond += shard->flows().other();
      const PlaceReader reader(*shard, places);
      const uint32_t now = shard->clock_second();
      shard->flows().visit_live([&](uint32_t slot) {
        const auto flow = shard->flows().snapshot(slot, now);
        if (!flow) return;
        const GroupParts parts = parts_of(*flow, kind, reader.of(slot, *flow));
        for (size_t i = 0; i < parts.count; ++i) {
          GroupSum& sum = scan.groups[parts.parts[i].key];
          sum.add_live(parts.parts[i]);
          add_hosts(sum.hosts, *flow, parts.parts[i], hash);
        }
      });
    }
  }
  return scan;
}

ApplicationScan scan_applications(const std::vector<const Interface*>& interfaces,
                                  const KeyedHash& hash) {
  ApplicationScan scan;
  scan.applications.resize(kMaxApplications);  // more may get a number while we look
  for (const Interface* interface : interfaces) {
    for (const auto& shard : interface->shards()) {
      const ShardCounters& counters = shard->counters();
      for (size_t i = 0; i < application_count(); ++i) {
        scan.applications[i].all += {counters.application_ended_to_server[i].read(),
                                     counters.application_ended_to_client[i].read(),
                                     counters.application_ended_flows[i].read(),
                                     {},
                                     {}};
      }
      scan.beyond += shard->flows().other();
    }
    visit_flows(*interface, [&](const FlowRecord& flow, uint32_t) {
      GroupSum& sum = scan.applications[flow.application];
      const GroupParts::Part part = whole_part(flow, flow.application);
      sum.add_live(part);
      add_hosts(sum.hosts, flow, part, hash);
    });
  }
  return scan;
}

}  // namespace weir
