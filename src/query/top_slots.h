// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace weir {

// Keeps the slots with the largest figures out of any number that are offered, the first ones among
// equals. Offer slots in ascending order. Cost: one compare for nearly all of them.
class TopSlots {
 public:
  explicit TopSlots(size_t capacity) : capacity_(capacity) { kept_.reserve(capacity); }

  void offer(uint64_t figure, uint32_t slot) {
    if (is_full_ && figure <= least_) [[likely]]
      return;
    insert(figure, slot);
  }

  // The slots that were kept, in ascending order. Call once.
  [[nodiscard]] std::vector<uint32_t> take() {
    std::vector<uint32_t> slots;
    slots.reserve(kept_.size());
    for (const Entry& entry : kept_) slots.push_back(~entry.second);
    std::sort(slots.begin(), slots.end());
    return slots;
  }

 private:
  // The slot's complement, so that of equal figures the higher slot is the smaller entry.
  using Entry = std::pair<uint64_t, uint32_t>;

  void insert(uint64_t figure, uint32_t slot) {
    if (capacity_ == 0) return;
    if (is_full_) {
      std::pop_heap(kept_.begin(), kept_.end(), std::greater<>());
      kept_.pop_back();
    }
    kept_.emplace_back(figure, ~slot);
    std::push_heap(kept_.begin(), kept_.end(), std::greater<>());
    is_full_ = kept_.size() == capacity_;
    least_ = kept_.front().first;
  }

  size_t capacity_;
  bool is_full_ = false;
  uint64_t least_ = 0;       // once it is full: what is not larger does not get in
  std::vector<Entry> kept_;  // a heap with the least on top
};

}  // namespace weir
