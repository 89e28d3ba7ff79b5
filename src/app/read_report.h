// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "engine/interface.h"
#include "query/questions.h"
#include "query/shard_answers.h"

namespace weir {

// What reading a capture cost.
struct ReadCost {
  double elapsed_s = 0;
  double cpu_s = 0;
  uint64_t peak_memory_bytes = 0;
};

// The object that `weir read --json` prints. The parts of `applications`, and `protocols` with
// `not_decoded`, sum to the whole. `transactions` are the thousand of `transaction_keys` that took
// the most time in all.
[[nodiscard]] Value read_report(const Interface& interface, const Questions& questions,
                                const ReadCost& cost, const std::vector<std::string>& warnings);

// The same for people: totals, applications, hosts, conversations. `conversations`: the rows of the
// largest flows. Text from the network is made printable.
[[nodiscard]] std::string read_summary(const std::string& name, const Value& report,
                                       const Value& hosts, const Value& conversations);

// Hosts that were seen; one that is in several shards counts once. An estimate when the memory
// budget did not hold them all.
[[nodiscard]] HostCount count_hosts(const Interface& interface);

}  // namespace weir
