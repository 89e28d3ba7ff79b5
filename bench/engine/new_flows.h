// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "step_clock.h"

namespace weir::bench {

struct NewFlowsRequest {
  uint64_t hosts = 1'000'000;
  uint64_t flows = 4'000'000;
  std::vector<std::string> engines;
  size_t memory_bytes = 0;  // of weir's engine; 0: room for all
};

struct NewFlowsResult {
  std::string engine;
  double million_per_second = 0;  // of CPU time
  StepSummary steps;              // of 64 packets that begin 64 flows
  uint64_t held = 0;              // flows in the table at the end
};

// Packets each of which begins a flow, the tables growing from nothing; with a budget that is too
// small, weir lets older flows go while it takes the new ones. Errors as measure_throughput().
Result<std::vector<NewFlowsResult>> measure_new_flows(const NewFlowsRequest& request);

}  // namespace weir::bench
