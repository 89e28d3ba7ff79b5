// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/stop_signal.h"

namespace weir {

// `weir top`: the exit code.
[[nodiscard]] int run_top(const TopCommandOptions& options, StopSignal& stop);

}  // namespace weir
