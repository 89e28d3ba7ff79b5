// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/stop_signal.h"

namespace weir {

// `weir read`: reads captures from end to end, prints what was in them, and writes flows and hosts
// where asked. Exit code.
[[nodiscard]] int run_read(const ReadOptions& options, StopSignal& stop);

}  // namespace weir
