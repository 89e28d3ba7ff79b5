// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/burst_series.h"

namespace weir {

void BurstSeries::start_anew(Entry& entry, uint32_t second) {
  entry.sequence.begin();
  entry.second.set(second);
  for (Cell<uint32_t>& bytes : entry.bytes) bytes.set(0);
  entry.sequence.end();
}

bool BurstSeries::add_to(Windows& windows, uint32_t second) const {
  const Entry& entry = entries_[second % kSeconds];
  bool is_there = false;
  std::array<uint32_t, kWindows> copy;
  const bool ok = copy_consistently(entry.sequence, [&] {
    is_there = entry.second.read() == second;
    for (size_t i = 0; i < kWindows; ++i) copy[i] = entry.bytes[i].read();
  });
  if (!ok || !is_there) return false;
  for (size_t i = 0; i < kWindows; ++i) windows[i] += copy[i];
  return true;
}

}  // namespace weir
