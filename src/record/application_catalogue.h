// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

#include "record/applications.h"

namespace weir {

// Names and their numbers, append-only. What applications.h offers is the one catalogue of the
// process; tests make their own. Number 0 is the first name added.
// Thread-safe: add() locks, everything else is lock-free.
class ApplicationCatalogue {
 public:
  struct Application {
    std::string_view name;
    std::string_view category;
  };

  [[nodiscard]] Application at(uint16_t application) const;  // number 0's beyond the last
  [[nodiscard]] uint16_t count() const { return count_.load(std::memory_order_acquire); }
  [[nodiscard]] uint16_t find(std::string_view name) const;
  // As application_number() of applications.h.
  uint16_t add(std::string_view name, std::string_view category);
  [[nodiscard]] uint64_t left_out() const { return left_out_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kSlots = 2 * kMaxApplications;  // half empty at worst

  // Where the name's number is, or the empty slot where it belongs.
  [[nodiscard]] size_t slot_of(std::string_view name) const;
  std::string_view keep(std::string_view text);

  std::array<Application, kMaxApplications> applications_{};
  std::atomic<uint16_t> count_{0};
  // Open addressing by the name's hash; 0 is empty, else a number plus one.
  std::array<std::atomic<uint16_t>, kSlots> slots_{};
  std::atomic<uint64_t> left_out_{0};
  std::mutex adding_;
  std::deque<std::string> texts_;  // guarded by adding_; a deque never moves what it holds
};

}  // namespace weir
