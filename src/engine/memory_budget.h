// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>

namespace weir {

// The bytes that the tables of one shard may hold. What a table wants beyond it is refused; the
// table then makes room or accounts to its `other` record. Owner: shard thread; any thread may
// read.
class MemoryBudget {
 public:
  explicit MemoryBudget(size_t limit) : limit_(limit) {}

  [[nodiscard]] bool take(size_t bytes) {
    const size_t used = used_.load(std::memory_order_relaxed);
    if (bytes > limit_ - used) return false;
    used_.store(used + bytes, std::memory_order_relaxed);
    return true;
  }
  void give_back(size_t bytes) {
    used_.store(used_.load(std::memory_order_relaxed) - bytes, std::memory_order_relaxed);
  }

  [[nodiscard]] size_t limit() const { return limit_; }
  [[nodiscard]] size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  size_t limit_;
  std::atomic<size_t> used_{0};
};

}  // namespace weir
