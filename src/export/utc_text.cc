// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/utc_text.h"

#include <chrono>

#include <fmt/format.h>

namespace weir {

std::string utc_text(Timestamp time) {
  using namespace std::chrono;
  const sys_seconds second{seconds{time.seconds}};
  const auto day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss clock{second - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     time.nanoseconds / 1000);
}

}  // namespace weir
