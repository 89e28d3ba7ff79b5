// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "measure.h"

namespace weir::bench {

// What steps of a packet loop took, in microseconds of wall-clock time.
struct StepSummary {
  uint64_t steps = 0;
  uint64_t interrupted =
      0;  // long ones in which the kernel took the core away; not among the others
  double median_us = 0;
  double p999_us = 0;
  double worst_us = 0;
};

// Times each call of step(). What the hypervisor takes away cannot be told from work and stays in.
class StepClock {
 public:
  template <typename Step>
  void time(Step&& step) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    step();
    const std::chrono::duration<double, std::micro> took = Clock::now() - start;
    if (took.count() > kLongUs && was_interrupted()) {
      ++interrupted_;
      return;
    }
    us_.push_back(took.count());
  }

  [[nodiscard]] StepSummary summary() const {
    const Spread spread = spread_of(us_);
    return {us_.size() + interrupted_, interrupted_, spread.median, quantile(us_, 0.999),
            spread.max};
  }

 private:
  static constexpr double kLongUs = 60;

  // Since the last time this was asked: a long step before may be the one that was interrupted.
  bool was_interrupted() {
    const uint64_t now = preemptions();
    const bool changed = now != preemptions_;
    preemptions_ = now;
    return changed;
  }

  std::vector<double> us_;
  uint64_t interrupted_ = 0;
  uint64_t preemptions_ = preemptions();
};

}  // namespace weir::bench
