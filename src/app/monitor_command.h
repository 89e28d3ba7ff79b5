// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "app/options.h"
#include "app/stop_signal.h"
#include "base/result.h"

namespace weir {

// Reads the command line, the environment and the files once more.
using ReadOptionsAgain = std::function<Result<MonitorOptions>()>;

// `weir monitor`: watches its sources and serves the console until a signal comes. When first
// start's questions are answered otherwise it begins anew with these answers, or goes on with those
// before where it cannot. Exit code.
[[nodiscard]] int run_monitor(const MonitorOptions& options, const ReadOptionsAgain& read_again,
                              StopSignal& stop);

}  // namespace weir
