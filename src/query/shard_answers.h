// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/value.h"
#include "engine/interface.h"

namespace weir {

// Whether every host that an interface ever saw still has its record. Any thread.
[[nodiscard]] bool remembers_all_hosts(const Interface& interface);

// How many different hosts an interface ever saw.
struct HostCount {
  uint64_t hosts = 0;
  uint64_t error = 0;  // one standard error of the estimate; 0: it is exact
};
// Exact as long as no host was forgotten and there is one shard. Any thread.
[[nodiscard]] HostCount count_distinct_hosts(const Interface& interface);

// What the memory budget made the interface forget:
// {"distinct_hosts", "distinct_hosts_error" (absent when exact), "hosts_evicted", "hosts_refused",
// "tail_hosts", "tail_bytes", "dropped_hosts", "bytes_error", "other": {"packets", "bytes"},
// "restored_hosts", "not_archived", "earlier": {"packets", "bytes"}}.
// `bytes_error`: the most that a host which is in no list can have had. `other`: sent by hosts for
// which there is no record now. `earlier`: sent by hosts before weir was started, in their totals
// but not in the interface's.
[[nodiscard]] Value forgotten_answer(const Interface& interface);

// {"flows", "refused_flows", "unfollowed_flows", "bytes_in_work", "announced_flows",
// "thinned_flows", "one_in", "packets", "ndpi_packets", "values", "flows_without_room",
// "transactions", "transaction_keys", "transaction_keys_evicted", "transactions_without_room"}: how
// much of the payloads was looked at, how many different values are kept, and what became of
// transactions. All 0 when none is.
[[nodiscard]] Value inspection_answer(const Interface& interface);
// How many hosts have more to them than their counters, and what of it found no room.
[[nodiscard]] Value profiles_answer(const Interface& interface);

// [{"shard", "growth": {"steps", "total_s", "longest_us", "below_us": {"1": n, "2": n ...}},
// "purge", "plain", "idle"} ...]: how long the steps of the packet loops took. Kinds without a step
// are absent; so are empty buckets; the last one is "more".
[[nodiscard]] Value pauses_answer(const Interface& interface);

}  // namespace weir
