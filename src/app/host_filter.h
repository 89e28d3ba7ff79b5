// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir {

// Which of the last hosts that were added may be in the archive: a Bloom filter of two generations,
// the older of which is emptied when as many hosts as it was made for were added to the other. It
// never says no of one of the last max_hosts; of a stranger it says yes in one of ten cases at
// worst. add() belongs to one thread; may_have() is for any and takes at most four lines.
class HostFilter {
 public:
  explicit HostFilter(size_t max_hosts)
      : max_hosts_(std::max<size_t>(max_hosts, 1)),
        mask_(std::bit_ceil(std::max<size_t>(max_hosts_ * kBitsPerHost, kWordBits)) - 1) {
    for (auto& words : generations_) words = std::vector<Word>((mask_ + 1) / kWordBits);
  }

  // `hash`: 64 good bits.
  void add(uint64_t hash) {
    if (added_ == max_hosts_) turn();
    ++added_;
    for (const size_t bit : bits_of(hash)) {
      Word& word = generations_[current_][bit / kWordBits];
      const uint64_t old = word.load(std::memory_order_relaxed);
      word.store(old | uint64_t{1} << bit % kWordBits, std::memory_order_relaxed);
    }
    is_used_.store(true, std::memory_order_relaxed);
  }
  [[nodiscard]] bool may_have(uint64_t hash) const {
    if (!is_used_.load(std::memory_order_relaxed)) return false;
    const auto bits = bits_of(hash);
    return std::any_of(generations_.begin(), generations_.end(), [&](const auto& words) {
      return std::all_of(bits.begin(), bits.end(), [&](size_t bit) {
        const uint64_t word = words[bit / kWordBits].load(std::memory_order_relaxed);
        return (word >> bit % kWordBits & 1) != 0;
      });
    });
  }

 private:
  using Word = std::atomic<uint64_t>;
  static constexpr size_t kBitsPerHost = 8;
  static constexpr size_t kWordBits = 64;

  [[nodiscard]] std::array<size_t, 2> bits_of(uint64_t hash) const {
    return {static_cast<size_t>(hash) & mask_, static_cast<size_t>(hash >> 32) & mask_};
  }
  void turn() {
    current_ = 1 - current_;
    added_ = 0;
    for (Word& word : generations_[current_]) word.store(0, std::memory_order_relaxed);
  }

  size_t max_hosts_;
  size_t mask_;
  std::array<std::vector<Word>, 2> generations_;
  std::atomic<bool> is_used_{false};
  size_t current_ = 0;
  size_t added_ = 0;  // to the current one
};

}  // namespace weir
