// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>

#include "base/result.h"
#include "top/top_screen.h"
#include "top/top_state.h"

namespace weir {

// The terminal that standard input and output are, taken over for as long as this lives (ncurses).
// One at a time. Owner: one thread.
class Terminal {
 public:
  // Error: there is no terminal, or nothing is known of its kind (TERM).
  static Result<std::unique_ptr<Terminal>> open();
  ~Terminal();  // gives it back as it was
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] TopSize size() const;
  // The next key; kNone when none came in time, or the window's size changed.
  [[nodiscard]] KeyPress read(std::chrono::milliseconds patience);
  void show(const TopScreen& screen);

 private:
  struct Screen;
  explicit Terminal(std::unique_ptr<Screen> screen);
  std::unique_ptr<Screen> screen_;
};

// Makes text of the process UTF-8, whatever LANG says: that is what weir writes.
void use_utf8();

}  // namespace weir
