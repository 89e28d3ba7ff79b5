// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace weir {

// What local time is ahead of UTC at a moment.
using UtcOffset = std::function<std::chrono::seconds(std::chrono::sys_seconds)>;

// A day of local time, which has 23 to 25 hours. A plain value.
struct LocalDay {
  std::string name;  // "2026-11-28"
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;  // the first second that is not of it

  bool operator==(const LocalDay&) const = default;
};

// The day that lies `days` days before the one of `now`.
[[nodiscard]] LocalDay local_day_before(std::chrono::sys_seconds now, unsigned days,
                                        const UtcOffset& utc_offset);
// Whether it is the name of some day: four digits, two, two.
[[nodiscard]] bool is_day_name(std::string_view text);
// That of the system's time zone.
[[nodiscard]] std::chrono::seconds system_utc_offset(std::chrono::sys_seconds when);

}  // namespace weir
