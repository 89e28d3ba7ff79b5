// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/interface.h"
#include "record/host_record.h"

namespace weir {

// Whether a record of a host is to have its profile.
enum class HostDetail : uint8_t { kCounters, kAll };

// What a shard knows of the host in a slot of its table, as one part of the host. With its profile
// the applications of its active flows are not told apart yet, and what happens to their TCP is
// missing (see whole_hosts()), as are its facts. Any thread.
[[nodiscard]] std::optional<HostRecord> part_of_host(const Shard& shard, uint32_t slot,
                                                     HostDetail detail);
// The same of one that is not in the table.
[[nodiscard]] HostRecord with_profile(HostRecord host);
// Adds what another shard knows of the same host.
void add_part(HostRecord& into, const HostRecord& part);

// The hosts of these keys with their whole profiles, active flows included, so that their
// applications sum to their traffic; nothing in the place of those that no shard can name. `slots`:
// where the keys were in the table of an interface that has one shard, HostTable::kOther for those
// that were not; empty: nobody knows. Any thread. Cost: looks at the hosts of all flows, some 5 ms
// a million, and copies the flows of these hosts; without slots looks at the keys of all hosts,
// too, five times as long.
[[nodiscard]] std::vector<std::optional<HostRecord>> whole_hosts(
    const Interface& interface, const std::vector<HostKey>& keys,
    const std::vector<uint32_t>& slots = {});

}  // namespace weir
