// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/first_start.h"
#include "app/options.h"
#include "app/stop_signal.h"

namespace weir {

struct MonitorEnd {
  int code = 0;         // for the shell
  std::string refusal;  // why it did not begin, which was said already; empty: it did
  uint16_t port = 0;    // where the console was
  // Other answers are to be used: what their file said before them.
  std::optional<EarlierAnswers> restart;
};

// Watches the sources and serves the console until a signal comes, or other answers to first
// start's questions.
[[nodiscard]] MonitorEnd monitor_once(const MonitorOptions& options, StopSignal& stop);

}  // namespace weir
