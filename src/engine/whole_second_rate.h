// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "record/flow_record.h"

namespace weir {

// What was counted in the last whole second before `now` by counters that hold the sums of second
// `second` (`current`) and of the second before it (`last`).
[[nodiscard]] inline Traffic whole_second_rate(uint32_t now, uint32_t second,
                                               const Traffic& current, const Traffic& last) {
  if (now == second) return last;
  if (now == second + 1) return current;
  return {};
}

}  // namespace weir
