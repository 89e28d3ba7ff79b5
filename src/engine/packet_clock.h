// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/timestamp.h"

namespace weir {

// Where packet time stands. It follows the packets forward; small disorder does not move it back. A
// jump (an hour forward, a minute back) counts only when the next packet confirms it, so that one
// wrong timestamp does not age every flow. Owner: shard thread.
class PacketClock {
 public:
  static constexpr uint32_t kDisorderSeconds = 60;
  static constexpr uint32_t kLeapSeconds = 3600;

  void see(Timestamp when) {
    const int64_t ahead = int64_t{when.seconds} - now_.seconds;
    const bool follows = ahead >= -int64_t{kDisorderSeconds} && ahead <= int64_t{kLeapSeconds};
    if (follows || now_ == Timestamp{}) [[likely]] {
      now_ = std::max(now_, when);
      has_candidate_ = false;
      return;
    }
    const int64_t apart = int64_t{when.seconds} - candidate_.seconds;
    if (has_candidate_ && apart >= -int64_t{kDisorderSeconds} &&
        apart <= int64_t{kDisorderSeconds}) {
      now_ = when;
      has_candidate_ = false;
      ++jumps_;
    } else {
      candidate_ = when;
      has_candidate_ = true;
    }
  }
  // The same for many packets at once when none of them can be a jump, in whatever order they come;
  // else false, and they must be seen one by one.
  [[nodiscard]] bool see_all(Timestamp first, Timestamp last) {
    const int64_t behind = int64_t{now_.seconds} - first.seconds;
    const int64_t ahead = int64_t{last.seconds} - now_.seconds;
    const uint32_t span = last.seconds - first.seconds;
    if (behind > kDisorderSeconds || ahead > kLeapSeconds || span > kDisorderSeconds) return false;
    now_ = std::max(now_, last);
    has_candidate_ = false;
    return true;
  }
  // Time that passed without packets (a live source).
  void pass(Timestamp when) { now_ = std::max(now_, when); }

  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] uint64_t jumps() const { return jumps_; }

 private:
  Timestamp now_;
  Timestamp candidate_;
  bool has_candidate_ = false;
  uint64_t jumps_ = 0;
};

}  // namespace weir
