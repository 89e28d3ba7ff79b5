// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <string_view>

namespace weir {

// A folder that scripts lie in, and when weir runs them by itself.
struct ScriptKind {
  std::string_view group;
  std::string_view period{};      // of CronClock; "": when somebody asks for them
  std::chrono::seconds length{};  // of the period
};

inline constexpr std::array<ScriptKind, 13> kScriptKinds{
    {{"rest"},
     {"put"},
     {"delete"},
     {"pages"},
     {"lib"},
     {"cron/second", "second", std::chrono::seconds(1)},
     {"cron/minute", "minute", std::chrono::minutes(1)},
     {"cron/five_minutes", "five_minutes", std::chrono::minutes(5)},
     {"cron/hour", "hour", std::chrono::hours(1)},
     {"cron/day", "day", std::chrono::hours(24)},
     {"checks/interface", "second", std::chrono::seconds(1)},
     {"checks/host", "second", std::chrono::seconds(1)},
     {"checks/flow", "second", std::chrono::seconds(1)}}};

// "host" of "checks/host"; "" of what is no check.
constexpr std::string_view checked_entity(std::string_view group) {
  constexpr std::string_view kChecks = "checks/";
  return group.starts_with(kChecks) ? group.substr(kChecks.size()) : std::string_view();
}

}  // namespace weir
