// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/cell.h"
#include "base/keyed_hash.h"
#include "base/result.h"
#include "engine/memory_budget.h"
#include "engine/reserved_region.h"
#include "engine/shard_counters.h"
#include "record/group.h"

namespace weir {

// Sums by group of flows that ended, in memory of a fixed size. A group that comes when three
// quarters of the places are taken counts to `other`, so that the sums over all stay exact. Owner:
// shard thread; any thread may read. Cost: one or two lines a call.
class GroupTable {
 public:
  // Room for `places` (a power of two) out of `budget`; `hash` outlives the table. Errors: no
  // address space, or the budget has no room.
  static Result<GroupTable> create(size_t places, const KeyedHash& hash, MemoryBudget& budget);

  void add(GroupKey key, const GroupSums& part);

  // Any thread: calls visit(key, sums) for each group; the sums may be a flow apart from each
  // other.
  template <typename Visit>
  void visit(Visit&& visit) const {
    for (size_t i = 0; i < places_; ++i) {
      const Entry& entry = at(i);
      if (const uint64_t key = entry.key_and_one.read(); key != 0)
        visit(GroupKey{key - 1}, sums_of(entry));
    }
  }
  // Any thread: the groups for which there was no room.
  [[nodiscard]] GroupSums other() const { return sums_of(at(places_)); }

 private:
  struct alignas(64) Entry {
    Cell<uint64_t> key_and_one;  // 0: free
    TrafficCells sent;
    TrafficCells received;
    Cell<uint64_t> flows;
    Cell<uint64_t> first_seen;  // Timestamp::order(); 0: nothing
    Cell<uint64_t> last_seen;
  };
  static_assert(sizeof(Entry) == 64);

  GroupTable(ReservedRegion entries, size_t places, const KeyedHash& hash)
      : entries_(std::move(entries)), places_(places), hash_(&hash) {}

  [[nodiscard]] Entry& at(size_t index) const {
    return reinterpret_cast<Entry*>(entries_.data())[index];
  }
  [[nodiscard]] Entry& place_of(GroupKey key);
  [[nodiscard]] static GroupSums sums_of(const Entry& entry);

  ReservedRegion entries_;  // the last one is for others
  size_t places_;
  const KeyedHash* hash_;
  size_t taken_ = 0;
};

}  // namespace weir
