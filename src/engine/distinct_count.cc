// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distinct_count.h"

#include <algorithm>

namespace weir {

void DistinctCount::merge_into(Registers& registers) const {
  for (size_t i = 0; i < kRegisters; ++i)
    registers[i] = std::max(registers[i], registers_[i].read());
}

double DistinctCount::estimate(const Registers& registers) {
  return estimate_distinct(registers, 64 - kIndexBits);
}

}  // namespace weir
