// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir {

// What a file says of one option.
struct FileOption {
  std::string name;
  std::vector<std::string> values;  // as the command line would say them; at least one
  size_t line = 0;
};

// The options in a file of TOML 1.0: `name = value`, of a list `name = ["a", "b"]`; a value is
// text, a whole number, true or false; text of one word may go without quotes, as in files of
// before. An empty list says nothing. There are no tables, for options
// have none. Which names there are is for the caller to know. Error: "FILE:LINE: ...".
[[nodiscard]] Result<std::vector<FileOption>> parse_option_file(std::string_view text,
                                                                const std::string& file);

// The same of what a file holds, which may be a pipe: it is opened and read once. Error: also that
// it cannot be read.
[[nodiscard]] Result<std::vector<FileOption>> read_option_file(const std::string& file);

}  // namespace weir
