// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace weir {

// How many packets a rate allows by now. Time is a parameter. After a pause it catches up at most
// kMaxCatchUp of it, so that a sender that was held up does not flood afterwards. Rate 0: no limit.
class Pacer {
 public:
  explicit Pacer(uint64_t packets_per_second) : rate_(packets_per_second) {}

  static constexpr std::chrono::nanoseconds kMaxCatchUp = std::chrono::milliseconds(10);

  // Packets that may be sent at `now`, at most `most`.
  uint64_t allowed(std::chrono::nanoseconds now, uint64_t most) {
    if (rate_ == 0) return most;
    if (!started_ || now - due_ > kMaxCatchUp) due_ = started_ ? now - kMaxCatchUp : now;
    started_ = true;
    if (now < due_) return 0;
    const auto behind = static_cast<uint64_t>((now - due_).count());
    return std::min(most, behind * rate_ / 1'000'000'000 + 1);
  }
  // Call after sending.
  void sent(uint64_t packets) {
    if (rate_ == 0) return;
    remainder_ += packets * 1'000'000'000;
    due_ += std::chrono::nanoseconds(remainder_ / rate_);
    remainder_ %= rate_;
  }
  // When the next packet may be sent, if allowed() said 0.
  [[nodiscard]] std::chrono::nanoseconds due() const { return due_; }

 private:
  uint64_t rate_;
  std::chrono::nanoseconds due_{0};
  uint64_t remainder_ = 0;  // of a nanosecond, in 1/rate_
  bool started_ = false;
};

}  // namespace weir
