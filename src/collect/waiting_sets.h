// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "collect/flow_times.h"
#include "collect/template_cache.h"

namespace weir {

// Data sets of one exporter that came before what is needed to read them. Bounded in bytes and
// time; the oldest give way. Owner: the collector's thread.
class WaitingSets {
 public:
  static constexpr size_t kMaxBytes = size_t{64} << 10;
  static constexpr int64_t kMostWait = int64_t{30} * 1'000'000'000;

  struct Set {
    uint16_t id = 0;  // of its template
    ExportTime time;  // of its message
    std::vector<uint8_t> bytes;
  };

  explicit WaitingSets(ExportBudget& budget) : budget_(&budget) {}
  WaitingSets(const WaitingSets&) = delete;
  WaitingSets& operator=(const WaitingSets&) = delete;
  ~WaitingSets();

  void add(uint16_t id, const ExportTime& time, std::span<const uint8_t> bytes);
  // Those that waited for this template, in the order they came; they wait no more.
  [[nodiscard]] std::vector<Set> take(uint16_t id);
  // Lets go of what waited too long.
  void expire(int64_t now);

  [[nodiscard]] size_t size() const { return sets_.size(); }
  [[nodiscard]] size_t bytes() const { return bytes_; }
  // Sets that were never read.
  [[nodiscard]] uint64_t dropped() const { return dropped_; }

 private:
  static constexpr size_t kSetBytes = sizeof(Set) + 32;  // besides its bytes

  void drop_oldest();
  void let_go(const Set& set);

  ExportBudget* budget_;
  std::deque<Set> sets_;
  size_t bytes_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace weir
