// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace weir {

// SIGINT and SIGTERM as something to wait for. Make one in main before any thread starts, so that
// all threads leave these signals to it. Owner: main thread.
class StopSignal {
 public:
  StopSignal();

  // True when one came, now or before; waits at most `timeout` for it.
  [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
  // From here on a signal ends the program, as if this object had never been.
  void give_back();

 private:
  bool came_ = false;
};

}  // namespace weir
