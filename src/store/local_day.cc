// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/local_day.h"

#include <cstdint>
#include <ctime>

#include <fmt/format.h>

namespace weir {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// When a local day begins. The offset is that of the moment itself: near a change of it the first
// guess is an hour off.
sys_seconds midnight(sys_days local, const UtcOffset& utc_offset) {
  const sys_seconds as_utc(local);
  const sys_seconds guess = as_utc - utc_offset(as_utc);
  return as_utc - utc_offset(guess);
}

std::string name_of(sys_days local) {
  const std::chrono::year_month_day date(local);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace

LocalDay local_day_before(sys_seconds now, unsigned number, const UtcOffset& utc_offset) {
  const sys_days today = std::chrono::floor<days>(now + utc_offset(now));
  const sys_days day = today - days(number);
  return {name_of(day), midnight(day, utc_offset), midnight(day + days(1), utc_offset)};
}

bool is_day_name(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits = kShape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kShape[i];
    if (!fits) return false;
  }
  return true;
}

seconds system_utc_offset(sys_seconds when) {
  const auto time = static_cast<time_t>(when.time_since_epoch().count());
  tm local{};
  localtime_r(&time, &local);
  return seconds(local.tm_gmtoff);
}

}  // namespace weir
