// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace weir {

// The variables of the environment that are for weir, by their names: WEIR_HTTP.
using Environment = std::map<std::string, std::string>;

// Those of `variables` ("NAME=value" each, ended by a null pointer) whose names begin with WEIR_.
// One without a value counts as not there.
[[nodiscard]] Environment weir_variables(const char* const* variables);

// Where weir keeps what a user told it, by `variables`: $XDG_CONFIG_HOME/weir, or ~/.config/weir.
// Empty where neither folder is known, or it belongs to another user.
[[nodiscard]] std::string config_folder(const char* const* variables);

// "WEIR_IDLE_TIMEOUT" of "idle-timeout", an option's long name without its dashes.
[[nodiscard]] std::string variable_of(std::string_view option);

}  // namespace weir
