// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/top_command.h"

#include <chrono>

#include "app/output.h"

namespace weir {

int run_top(const TopCommandOptions& options, StopSignal& stop) {
  if (options.top.once) {
    const auto text = print_top(options.top, options.rows, options.columns);
    return text ? print_or_complain(*text) : complain(text.error());
  }
  const auto done = run_top(options.top, [&] { return stop.wait(std::chrono::milliseconds(0)); });
  return done ? 0 : complain(done.error());
}

}  // namespace weir
