// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace weir {

// At most so many a second, and so many at once after a time of none. Time only goes on.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  RateLimit(double per_second, double at_once)
      : per_second_(per_second), most_(std::max(at_once, 1.0)), left_(most_) {}

  // Whether one more is allowed now; counts it when it is.
  [[nodiscard]] bool take(Clock::time_point now) {
    left_ =
        std::min(most_, left_ + std::chrono::duration<double>(now - last_).count() * per_second_);
    last_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }
  // How long until one more is allowed.
  [[nodiscard]] std::chrono::milliseconds wait() const {
    const std::chrono::duration<double> time(std::max(0.0, 1 - left_) / per_second_);
    return std::chrono::ceil<std::chrono::milliseconds>(time);
  }

 private:
  double per_second_;
  double most_;
  double left_;
  Clock::time_point last_{};
};

}  // namespace weir
