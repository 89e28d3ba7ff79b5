// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/group_table.h"

namespace weir {

// What the flows of a shard that ended add up to, by country, AS, network, MAC address and VLAN.
// With the open flows and those beyond the budget this is all traffic with IP, to the byte. Owner:
// shard thread; of() by any thread. Cost: some 50 ns a flow.
class FlowGroups {
 public:
  // Some hundredth part of `memory_bytes`, out of `budget`; room for `networks` networks.
  static Result<std::unique_ptr<FlowGroups>> create(size_t memory_bytes, uint16_t networks,
                                                    const KeyedHash& hash, MemoryBudget& budget);

  void add(const FlowRecord& flow, const FlowPlaces& places);

  // REQUIRES: a kept kind.
  [[nodiscard]] const GroupTable& of(GroupKind kind) const {
    return tables_[static_cast<size_t>(kind)];
  }

 private:
  FlowGroups() = default;

  std::vector<GroupTable> tables_;  // by kind
};

}  // namespace weir
