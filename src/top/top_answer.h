// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/value.h"

namespace weir {

// What the server said to a question of `weir top`: rows of a list, or one.
struct TopAnswer {
  Value::Array rows{};
  uint64_t total = 0;   // that match
  uint64_t offset = 0;  // of the first of `rows`
  double time = 0;      // seconds since 1970, of the server
  // Why there are no rows, and at which character of the filter; empty and 0 when there are.
  std::string problem{};
  int column = 0;
};

// Of the body of an answer with that status; a problem when it is none.
[[nodiscard]] TopAnswer read_top_answer(int64_t status, const std::string& body);

}  // namespace weir
