// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/result.h"
#include "engine/reserved_region.h"
#include "engine/slot_allocator.h"

namespace weir {

// One array of fixed-size records, parallel to others that share a SlotAllocator. Type-stable: a
// record's place holds records of this type for as long as the shard lives, so a reader may look at
// any slot below the allocator's limit at any time. Fresh and discarded records are all zero bytes.
// Owner: shard thread; reads from any thread.
template <typename T>
class SlabArray {
 public:
  static constexpr size_t kChunkBytes = sizeof(T) * SlotAllocator::kChunkSlots;

  // Address space for `max_slots`, whole chunks of them and at least one; nothing is usable yet.
  // Errors and `feeder` as for ReservedRegion.
  static Result<SlabArray> reserve(uint32_t max_slots, PageFeeder* feeder = nullptr) {
    const size_t chunks = std::max<size_t>(1, max_slots / SlotAllocator::kChunkSlots);
    auto region = ReservedRegion::reserve(chunks * kChunkBytes, feeder);
    if (!region) return region.error();
    return SlabArray(std::move(*region));
  }

  SlabArray() = default;

  [[nodiscard]] T& operator[](uint32_t slot) { return records()[slot]; }
  [[nodiscard]] const T& operator[](uint32_t slot) const { return records()[slot]; }
  void prefetch(uint32_t slot) const { __builtin_prefetch(records() + slot, 1, 3); }
  // All of a record, for who only reads it.
  void prefetch_to_read(uint32_t slot) const {
    constexpr size_t kLine = 64;
    const auto* record = reinterpret_cast<const char*>(records() + slot);
    for (size_t at = 0; at < sizeof(T); at += kLine) __builtin_prefetch(record + at, 0, 3);
    if constexpr (alignof(T) < kLine) __builtin_prefetch(record + sizeof(T) - 1, 0, 3);
  }
  // Slot 0, from reserve() on; the others lie behind it.
  [[nodiscard]] T* data() { return records(); }

  // Makes the first `chunks` chunks usable.
  [[nodiscard]] bool commit_chunks(size_t chunks) { return region_.commit(chunks * kChunkBytes); }
  // Gives the memory of a chunk back; its records read as zero and can be used again without
  // another call.
  void discard_chunk(size_t chunk) { region_.discard(chunk * kChunkBytes, kChunkBytes); }

 private:
  explicit SlabArray(ReservedRegion region) : region_(std::move(region)) {}
  [[nodiscard]] T* records() const { return reinterpret_cast<T*>(region_.data()); }

  ReservedRegion region_;
};

}  // namespace weir
