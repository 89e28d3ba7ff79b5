// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/sequence_tracker.h"

namespace weir {

bool SequenceTracker::counts_own_units() const {
  return own_units_.hits > by_the_rules_.hits;
}

void SequenceTracker::see(uint32_t sequence, uint32_t units) {
  received_ += units;
  by_the_rules_.see(sequence, units);
  own_units_.see(sequence - units, units);
}

void SequenceTracker::see_unknown(uint32_t sequence) {
  (void)sequence;
  by_the_rules_.has_next = false;
  own_units_.has_next = false;
}

void SequenceTracker::Reading::see(uint32_t start, uint32_t units) {
  if (!has_next) {
    has_next = true;
    next = start + units;
    return;
  }
  const auto ahead = static_cast<int32_t>(start - next);
  if (units == 0 && ahead < 0 && ahead >= -kMostLost) {
    ++late;  // of templates alone
    return;
  }
  if (ahead == 0) {
    ++hits;
  } else if (ahead > 0 && ahead <= kMostLost) {
    ++gaps;
    lost += static_cast<uint32_t>(ahead);
    missing[oldest] = {next, static_cast<uint32_t>(ahead)};
    oldest = (oldest + 1) % kGaps;
  } else if (ahead < 0 && fill(start, units)) {
    ++late;
    return;  // what comes next was expected already
  } else {
    ++restarts;
    missing = {};
  }
  next = start + units;
}

bool SequenceTracker::Reading::fill(uint32_t start, uint32_t units) {
  for (Gap& gap : missing) {
    const uint32_t into = start - gap.start;
    if (gap.units == 0 || into >= gap.units || units > gap.units - into) continue;
    lost -= units;
    const uint32_t behind = gap.units - into - units;
    const uint32_t before = into;
    // Two parts are left when it lay in the middle; the smaller one can be filled no more when
    // there is no room to remember it, and stays lost.
    gap.units = before;
    if (behind == 0) return true;
    if (before == 0) {
      gap = {start + units, behind};
      return true;
    }
    missing[oldest] = {start + units, behind};
    oldest = (oldest + 1) % kGaps;
    return true;
  }
  return false;
}

}  // namespace weir
