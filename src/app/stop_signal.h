// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <utility>

namespace weir {

// SIGINT and SIGTERM as something to wait for. Make one in main before any thread starts, so that
// all threads leave these signals to it. Owner: main thread.
class StopSignal {
 public:
  StopSignal();

  // True when one came, now or before; waits at most `timeout` for it, and less when a request to
  // read something again comes.
  [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
  // From here on SIGHUP asks for something to be read again; before, it ends the program. Call it
  // before any thread starts.
  void hear_reload();
  // Whether wait() met such a request since the last call.
  [[nodiscard]] bool take_reload() { return std::exchange(is_reload_asked_, false); }
  // From here on a signal ends the program, as if this object had never been.
  void give_back();

 private:
  bool came_ = false;
  bool hears_reload_ = false;
  bool is_reload_asked_ = false;
};

}  // namespace weir
