// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/group_table.h"

namespace weir {

Result<GroupTable> GroupTable::create(size_t places, const KeyedHash& hash, MemoryBudget& budget) {
  const size_t bytes = (places + 1) * sizeof(Entry);
  if (!budget.take(bytes)) return Error{"the memory budget is too small for the sums of groups"};
  auto entries = ReservedRegion::reserve(bytes);
  if (!entries) return entries.error();
  (void)entries->commit(bytes);
  return GroupTable(std::move(*entries), places, hash);
}

// What nothing is known of is most of the traffic where there are no files: the first place is its
// own.
GroupTable::Entry& GroupTable::place_of(GroupKey key) {
  if (key == 0) {
    at(0).key_and_one.set(1);
    return at(0);
  }
  const size_t mask = places_ - 1;
  for (size_t index = hash_->of(key, 0) & mask;; index = (index + 1) & mask) {
    Entry& entry = at(index);
    const uint64_t there = entry.key_and_one.get();
    if (there == key + 1) return entry;
    if (there != 0 || index == 0) continue;
    if (taken_ >= places_ / 4 * 3) return at(places_);
    ++taken_;
    entry.key_and_one.set(key + 1);
    return entry;
  }
}

void GroupTable::add(GroupKey key, const GroupSums& part) {
  Entry& entry = place_of(key);
  entry.sent.add(part.sent);
  entry.received.add(part.received);
  entry.flows.add(part.flows);
  const uint64_t first = part.first_seen.order();
  const uint64_t before = entry.first_seen.get();
  if (before == 0 || first < before) entry.first_seen.set(first);
  const uint64_t last = part.last_seen.order();
  if (last > entry.last_seen.get()) entry.last_seen.set(last);
}

GroupSums GroupTable::sums_of(const Entry& entry) {
  return {entry.sent.read(), entry.received.read(), entry.flows.read(),
          Timestamp::from_order(entry.first_seen.read()),
          Timestamp::from_order(entry.last_seen.read())};
}

}  // namespace weir
