// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/cron_clock.h"

#include <algorithm>

namespace weir {
namespace {

int64_t whole(std::chrono::seconds time, std::chrono::seconds period) {
  return time.count() / period.count();
}

}  // namespace

std::vector<std::string_view> CronClock::advance(std::chrono::sys_seconds now,
                                                 std::chrono::seconds utc_offset) {
  using std::chrono::hours;
  using std::chrono::minutes;
  const std::chrono::seconds utc = now.time_since_epoch();
  const std::chrono::seconds local = utc + utc_offset;
  Counts counts{utc.count(), whole(utc, minutes(1)), whole(utc, minutes(5)), whole(local, hours(1)),
                whole(local, hours(24))};
  std::vector<std::string_view> begun;
  if (last_ && counts.second != last_->second) {
    if (counts.second > last_->second)
      missed_ += static_cast<uint64_t>(counts.second - last_->second - 1);
    begun.push_back("second");
    if (counts.minute != last_->minute) begun.push_back("minute");
    if (counts.five_minutes != last_->five_minutes) begun.push_back("five_minutes");
    if (counts.hour != last_->hour) begun.push_back("hour");
    if (counts.day > last_->day) begun.push_back("day");
  }
  if (last_) counts.day = std::max(counts.day, last_->day);
  last_ = counts;
  return begun;
}

}  // namespace weir
