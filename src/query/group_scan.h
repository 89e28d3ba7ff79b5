// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/keyed_hash.h"
#include "engine/interface.h"
#include "query/distinct_hosts.h"
#include "record/group.h"

namespace weir {

// The flows of one group: those that ended and the open ones.
struct GroupSum {
  GroupSums all;
  Traffic rate_sent;  // of the open ones, as below
  Traffic rate_received;
  uint64_t active_flows = 0;
  DistinctHosts hosts;  // in the group that have an open flow

  void add_live(const GroupParts::Part& part) {
    all += part.sums;
    rate_sent += part.rate_sent;
    rate_received += part.rate_received;
    ++active_flows;
  }
  void merge(const GroupSum& other) {
    all += other.all;
    rate_sent += other.rate_sent;
    rate_received += other.rate_received;
    active_flows += other.active_flows;
    hosts.merge(other.hosts);
  }
};

// All groups of a kind. With `other` and `beyond` they are all traffic with IP, to the byte, as
// long as no packet comes in between.
struct GroupScan {
  std::unordered_map<GroupKey, GroupSum> groups;
  GroupSums other;  // of ended flows whose groups found no room in the engine's table
  Traffic beyond;   // of flows for which there was no room: both directions, each packet once
};

// REQUIRES: a kept kind. `hash` tells hosts apart; `places`: for ends without a record, may be
// null. Any thread. Cost: looks at every open flow.
[[nodiscard]] GroupScan scan_groups(const std::vector<const Interface*>& interfaces, GroupKind kind,
                                    const Places* places, const KeyedHash& hash);

// The same by application: indexed by its number.
struct ApplicationScan {
  std::vector<GroupSum> applications;
  Traffic beyond;
};
[[nodiscard]] ApplicationScan scan_applications(const std::vector<const Interface*>& interfaces,
                                                const KeyedHash& hash);

}  // namespace weir
