// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

namespace weir {

// The commands that print and are done. Exit codes.
[[nodiscard]] int run_help(const HelpOptions& options);
[[nodiscard]] int run_version();
[[nodiscard]] int run_protocols();
[[nodiscard]] int run_check_config(const CheckConfigOptions& options);

}  // namespace weir
