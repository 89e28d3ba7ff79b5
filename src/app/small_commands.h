// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

namespace weir {

// The commands that print and are done. Exit codes.
[[nodiscard]] int run_help(const HelpOptions& options);
[[nodiscard]] int run_version();
[[nodiscard]] int run_protocols();
[[nodiscard]] int run_check_config(const CheckConfigOptions& options);
// Shows the public key of the pair in the file, which is made when there is none.
[[nodiscard]] int run_keys(const KeysOptions& options);

}  // namespace weir
