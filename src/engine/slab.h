// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "engine/memory_budget.h"
#include "engine/slab_array.h"
#include "engine/slot_allocator.h"

namespace weir {

// Records in slots, each of one part of every type in `Parts` (all different), the parts of a type
// together: what is touched together lies together. Slot 0 is handed out first and is for what has
// no record of its own; live(), next_live() and visit_live() leave it out. A chunk of slots is paid
// for out of the budget while a record of it lives, and then goes back to the kernel; readers see
// zeroed records in it. Owner: shard thread; reads of parts, live(), visit_live() and limit() by
// any thread. Cost: as SlotAllocator; a part is one load away.
template <typename... Parts>
class Slab {
 public:
  static constexpr uint32_t kNone = SlotAllocator::kNone;
  static constexpr size_t kChunkBytes = (SlabArray<Parts>::kChunkBytes + ...);
  using Arrays = std::tuple<SlabArray<Parts>...>;

  // Address space for `max_slots`, whole chunks of them and at least one. Error: there is none.
  // `feeder` as for ReservedRegion.
  static Result<Arrays> reserve(uint32_t max_slots, PageFeeder* feeder = nullptr) {
    Arrays arrays;
    Error error;
    const auto reserve_one = [&](auto& array) {
      auto reserved = std::remove_reference_t<decltype(array)>::reserve(max_slots, feeder);
      if (reserved) {
        array = std::move(*reserved);
      } else {
        error = reserved.error();
      }
      return reserved.ok();
    };
    if (!(reserve_one(std::get<SlabArray<Parts>>(arrays)) && ...)) return error;
    return arrays;
  }

  // `arrays`: reserve() of the same `max_slots`.
  Slab(Arrays arrays, uint32_t max_slots, MemoryBudget& budget)
      : arrays_(std::move(arrays)), allocator_(max_slots), budget_(&budget) {}

  template <typename Part>
  [[nodiscard]] Part& part(uint32_t slot) {
    return array<Part>()[slot];
  }
  template <typename Part>
  [[nodiscard]] const Part& part(uint32_t slot) const {
    return array<Part>()[slot];
  }
  template <typename Part>
  void prefetch(uint32_t slot) const {
    array<Part>().prefetch(slot);
  }
  template <typename Part>
  void prefetch_to_read(uint32_t slot) const {
    array<Part>().prefetch_to_read(slot);
  }
  template <typename Part>
  [[nodiscard]] SlabArray<Part>& array() {
    return std::get<SlabArray<Part>>(arrays_);
  }
  template <typename Part>
  [[nodiscard]] const SlabArray<Part>& array() const {
    return std::get<SlabArray<Part>>(arrays_);
  }

  // The lowest free slot; its parts hold what the record before left there. kNone when `max_slots`
  // or the budget are used up.
  [[nodiscard]] uint32_t allocate() {
    uint32_t slot = allocator_.allocate();
    if (slot == kNone && open_chunk()) slot = allocator_.allocate();
    if (slot == kNone || !allocator_.is_alone(slot)) return slot;
    // The first record of a chunk pays for all of it, the last one gives it back.
    if (budget_->take(kChunkBytes)) return slot;
    allocator_.release(slot);
    return kNone;
  }
  // REQUIRES: allocate() gave it.
  void release(uint32_t slot) {
    if (!allocator_.release(slot)) return;
    const uint32_t chunk = slot / SlotAllocator::kChunkSlots;
    (array<Parts>().discard_chunk(chunk), ...);
    budget_->give_back(kChunkBytes);
  }

  [[nodiscard]] bool has_slot_0() const { return allocator_.is_live(0); }
  // REQUIRES: has_slot_0().
  [[nodiscard]] uint32_t live() const { return allocator_.live() - 1; }
  // The first live slot at or after `slot`; kNone when there is none.
  [[nodiscard]] uint32_t next_live(uint32_t slot) const {
    return allocator_.next_live(std::max<uint32_t>(slot, 1));
  }
  // As SlotAllocator's.
  template <typename Visit>
  void visit_live(Visit&& visit) const {
    allocator_.visit_live([&](uint32_t slot) {
      if (slot != 0) visit(slot);
    });
  }
  [[nodiscard]] uint32_t limit() const { return allocator_.limit(); }

 private:
  [[nodiscard]] bool open_chunk() {
    const size_t chunks = allocator_.chunks() + 1;
    return (array<Parts>().commit_chunks(chunks) && ...) && allocator_.open_chunk();
  }

  Arrays arrays_;
  SlotAllocator allocator_;
  MemoryBudget* budget_;
};

}  // namespace weir
