// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

// Says which periods begin, told the time now and then. Owner: one thread.
class CronClock {
 public:
  // The periods ("second", "minute", "five_minutes", "hour", "day") that began since the call
  // before; none at the first. `utc_offset` is what local time is ahead. Minutes are those of UTC,
  // which every time zone shares; a clock that is set back begins new minutes and hours, never a
  // day again.
  std::vector<std::string_view> advance(std::chrono::sys_seconds now,
                                        std::chrono::seconds utc_offset);
  // Seconds that passed without a call.
  [[nodiscard]] uint64_t missed_seconds() const { return missed_; }

 private:
  struct Counts {
    int64_t second;
    int64_t minute;
    int64_t five_minutes;
    int64_t hour;
    int64_t day;
  };
  std::optional<Counts> last_;
  uint64_t missed_ = 0;
};

}  // namespace weir
