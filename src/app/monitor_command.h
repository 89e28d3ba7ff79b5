// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/stop_signal.h"

namespace weir {

// `weir monitor`: watches its sources and serves the console until a signal comes. Exit code.
[[nodiscard]] int run_monitor(const MonitorOptions& options, StopSignal& stop);

}  // namespace weir
