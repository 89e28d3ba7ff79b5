// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/result.h"
#include "measure.h"
#include "step_clock.h"

namespace weir::bench {

struct PurgeRequest {
  uint64_t hosts = 200'000;
  uint64_t flows = 1'000'000;    // alive at a time
  double new_percent = 0;        // of the packets begin a flow, and as many flows end
  unsigned timeout_seconds = 2;  // of packet time; 0: never
  unsigned rounds = 5;
};

struct PurgeResult {
  Spread mpps;
  StepSummary steps;          // of 64 packets
  uint64_t held = 0;          // flows in the table after the last round
  StepSummary idle_steps;     // when all flows have become silent at once and idle() ends them
  double idle_ns_a_flow = 0;  // CPU time of that
  uint64_t left = 0;          // flows that it did not end
};

// What it costs to end flows that are over while packets go on, and when everything is over at
// once. Errors as measure_throughput().
Result<PurgeResult> measure_purge(const PurgeRequest& request);

}  // namespace weir::bench
