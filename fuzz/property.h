// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace weir::fuzz {

// A property that must hold whatever the input was: says which is broken and ends the fuzzer, which
// keeps the input.
inline void require(bool holds, std::string_view property = "a property of the target") {
  if (holds) return;
  std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(property.size()), property.data());
  std::abort();
}

}  // namespace weir::fuzz
