// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

namespace weir {

// A folder that scripts lie in, and when weir runs them by itself.
struct ScriptKind {
  std::string_view group;
  std::string_view period{};  // of CronClock; "": when somebody asks for them
};

inline constexpr std::array<ScriptKind, 13> kScriptKinds{{{"rest"},
                                                          {"put"},
                                                          {"delete"},
                                                          {"pages"},
                                                          {"lib"},
                                                          {"cron/second", "second"},
                                                          {"cron/minute", "minute"},
                                                          {"cron/five_minutes", "five_minutes"},
                                                          {"cron/hour", "hour"},
                                                          {"cron/day", "day"},
                                                          {"checks/interface", "second"},
                                                          {"checks/host", "second"},
                                                          {"checks/flow", "second"}}};

// "host" of "checks/host"; "" of what is no check.
constexpr std::string_view checked_entity(std::string_view group) {
  constexpr std::string_view kChecks = "checks/";
  return group.starts_with(kChecks) ? group.substr(kChecks.size()) : std::string_view();
}

}  // namespace weir
