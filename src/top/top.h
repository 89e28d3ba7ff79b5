// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace weir {

struct TopOptions {
  std::string url = "http://127.0.0.1:3000";
  std::string list = "hosts";  // path of one of top_lists()
  std::string filter{};
  std::string sort{};  // a field; empty: that of the list
  bool once = false;   // print the list to standard output instead
};

// Shows the live tables of a weir in the terminal until the user is done or `is_over()`, which is
// asked ten times a second. Error: no such list, no URL, no terminal.
[[nodiscard]] Result<void> run_top(const TopOptions& options, const std::function<bool()>& is_over);

// The first rows of a list as lines of text. Error: nobody answers, or with a problem.
[[nodiscard]] Result<std::string> print_top(const TopOptions& options, size_t rows, size_t columns);

}  // namespace weir
