// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace weir {

// A bounded queue between two threads. Nobody waits in it: a full queue refuses, an empty one says
// so. push() belongs to one thread, pop() to one other.
template <typename T>
class SpscQueue {
 public:
  // Holds at least `capacity` elements, allocated at once.
  explicit SpscQueue(size_t capacity) : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

  // False, and `value` untouched, when the queue is full. Producer.
  [[nodiscard]] bool push(T&& value) {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - seen_head_ == slots_.size()) {
      seen_head_ = head_.load(std::memory_order_acquire);
      if (tail - seen_head_ == slots_.size()) return false;
    }
    slots_[tail & mask_] = std::move(value);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // How many more push() takes at least. Producer.
  [[nodiscard]] size_t room() {
    seen_head_ = head_.load(std::memory_order_acquire);
    return slots_.size() - (tail_.load(std::memory_order_relaxed) - seen_head_);
  }
  [[nodiscard]] size_t capacity() const { return slots_.size(); }

  // Nothing when the queue is empty. Consumer.
  [[nodiscard]] std::optional<T> pop() {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (head == seen_tail_) {
      seen_tail_ = tail_.load(std::memory_order_acquire);
      if (head == seen_tail_) return std::nullopt;
    }
    std::optional<T> value(std::move(slots_[head & mask_]));
    head_.store(head + 1, std::memory_order_release);
    return value;
  }

 private:
  static constexpr size_t kCacheLine = 64;

  std::vector<T> slots_;
  size_t mask_;
  alignas(kCacheLine) std::atomic<size_t> head_{0};
  size_t seen_tail_ = 0;  // consumer's
  alignas(kCacheLine) std::atomic<size_t> tail_{0};
  size_t seen_head_ = 0;  // producer's
};

}  // namespace weir
