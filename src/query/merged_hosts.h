// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>

#include "engine/interface.h"
#include "query/host_details.h"
#include "record/host_record.h"

namespace weir {

// The memory that merging takes for each host of each shard: a twelfth of what the tables do.
inline constexpr size_t kMergeBytesPerHost = 32;

// Calls visit(HostRecord) once for each host that a shard can name, in the order of their keys: the
// sum of what the shards know of it. Any thread. Cost: sorts the keys of all shards, then copies
// one record at a time.
void visit_merged_hosts(const Interface& interface,
                        const std::function<void(const HostRecord&)>& visit,
                        HostDetail detail = HostDetail::kCounters);

// The same for the hosts of one address, in whatever VLANs. Cost: looks at the keys of all hosts.
void visit_merged_hosts_at(const Interface& interface, const IpAddress& address,
                           const std::function<void(const HostRecord&)>& visit);

// How many there are.
[[nodiscard]] size_t count_merged_hosts(const Interface& interface);

}  // namespace weir
