// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/cell.h"

namespace weir {

// Hands out slot numbers of a slab, always the lowest free one, so that a table that shrinks frees
// its upper chunks whole. Slots come in chunks; a chunk is opened when all others are full. Slot 0
// is handed out first and never released by the tables: it is the record of what has no record of
// its own. Owner: shard thread; limit() may be read by any thread. Cost: two find-first-bit a call;
// one bit a slot.
class SlotAllocator {
 public:
  static constexpr uint32_t kChunkSlots = 4096;
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit SlotAllocator(uint32_t max_slots);

  // kNone when every open chunk is full: open_chunk() and try again.
  [[nodiscard]] uint32_t allocate();
  // Makes the next chunk available. False when the maximum is reached.
  [[nodiscard]] bool open_chunk();
  // True when the chunk of `slot` holds nothing any more.
  bool release(uint32_t slot);

  [[nodiscard]] uint32_t live() const { return live_.read(); }  // any thread
  [[nodiscard]] size_t chunks() const { return chunks_.size(); }
  [[nodiscard]] bool is_live(uint32_t slot) const;
  // Whether nothing else is live in its chunk. REQUIRES: is_live(slot).
  [[nodiscard]] bool is_alone(uint32_t slot) const {
    return chunks_[slot / kChunkSlots]->live == 1;
  }
  // The first live slot at or after `slot`; kNone when there is none.
  [[nodiscard]] uint32_t next_live(uint32_t slot) const;
  // Any thread: calls visit(slot) for the live slots in their order. What is handed out or released
  // meanwhile may be among them or not.
  template <typename Visit>
  void visit_live(Visit&& visit) const {
    const uint32_t end = limit();
    for (uint32_t base = 0; base < end; base += kChunkSlots) {
      const Chunk& chunk = *chunks_[base / kChunkSlots];
      for (uint32_t word = 0; word < kWords; ++word) {
        for (uint64_t bits = chunk.used[word].read(); bits != 0; bits &= bits - 1)
          visit(base + word * 64 + static_cast<uint32_t>(std::countr_zero(bits)));
      }
    }
  }
  // All slots ever opened are below it. Any thread.
  [[nodiscard]] uint32_t limit() const { return limit_.load(std::memory_order_acquire); }

 private:
  static constexpr size_t kWords = kChunkSlots / 64;
  struct Chunk {
    uint64_t words_with_space = ~uint64_t{0};  // bit i: used[i] has a zero bit
    std::array<Cell<uint64_t>, kWords> used{};
    uint32_t live = 0;
  };
  static_assert(kWords == 64);

  std::vector<std::unique_ptr<Chunk>> chunks_;  // its memory never moves: readers go through it
  size_t first_with_space_ = 0;                 // no chunk below it has a free slot
  Cell<uint32_t> live_{};
  uint32_t max_chunks_;
  std::atomic<uint32_t> limit_{0};
};

}  // namespace weir
