// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/slot_allocator.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace weir {

SlotAllocator::SlotAllocator(uint32_t max_slots)
    : max_chunks_(std::max<uint32_t>(1, max_slots / kChunkSlots)) {
  chunks_.reserve(max_chunks_);
}

bool SlotAllocator::open_chunk() {
  if (chunks_.size() >= max_chunks_) return false;
  chunks_.push_back(std::make_unique<Chunk>());
  limit_.store(static_cast<uint32_t>(chunks_.size()) * kChunkSlots, std::memory_order_release);
  return true;
}

uint32_t SlotAllocator::allocate() {
  while (first_with_space_ < chunks_.size() && chunks_[first_with_space_]->words_with_space == 0) {
    ++first_with_space_;
  }
  if (first_with_space_ == chunks_.size()) return kNone;
  Chunk& chunk = *chunks_[first_with_space_];
  const auto word = static_cast<uint32_t>(std::countr_zero(chunk.words_with_space));
  const auto bit = static_cast<uint32_t>(std::countr_one(chunk.used[word].get()));
  chunk.used[word].set(chunk.used[word].get() | uint64_t{1} << bit);
  if (chunk.used[word].get() == ~uint64_t{0}) chunk.words_with_space &= ~(uint64_t{1} << word);
  ++chunk.live;
  live_.add(1);
  return static_cast<uint32_t>(first_with_space_) * kChunkSlots + word * 64 + bit;
}

bool SlotAllocator::release(uint32_t slot) {
  assert(is_live(slot));
  const uint32_t index = slot / kChunkSlots;
  Chunk& chunk = *chunks_[index];
  const uint32_t word = slot % kChunkSlots / 64;
  chunk.used[word].set(chunk.used[word].get() & ~(uint64_t{1} << (slot % 64)));
  chunk.words_with_space |= uint64_t{1} << word;
  first_with_space_ = std::min<size_t>(first_with_space_, index);
  live_.add(UINT32_MAX);
  return --chunk.live == 0;
}

bool SlotAllocator::is_live(uint32_t slot) const {
  const uint32_t index = slot / kChunkSlots;
  if (index >= chunks_.size()) return false;
  return (chunks_[index]->used[slot % kChunkSlots / 64].get() >> (slot % 64) & 1) != 0;
}

uint32_t SlotAllocator::next_live(uint32_t slot) const {
  for (size_t index = slot / kChunkSlots; index < chunks_.size(); ++index) {
    const Chunk& chunk = *chunks_[index];
    const uint32_t base = static_cast<uint32_t>(index) * kChunkSlots;
    const uint32_t start = slot > base ? slot - base : 0;
    if (chunk.live == 0 || start >= kChunkSlots) continue;
    uint64_t bits = chunk.used[start / 64].get() & (~uint64_t{0} << (start % 64));
    for (uint32_t word = start / 64;;) {
      if (bits != 0) return base + word * 64 + static_cast<uint32_t>(std::countr_zero(bits));
      if (++word == kWords) break;
      bits = chunk.used[word].get();
    }
  }
  return kNone;
}

}  // namespace weir
