// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "measure.h"
#include "step_clock.h"

namespace weir::bench {

struct ReadersRequest {
  uint64_t hosts = 1'000'000;
  uint64_t flows = 500'000;
  unsigned rounds = 6;
  bool asks_for_flows = false;  // instead of hosts
  std::string sort = "bytes";
  std::string filter;
};

struct ReadersResult {
  Spread alone_mpps;    // of CPU time of the writer
  Spread read_mpps;     // while the other thread asks without a pause
  Spread loss_percent;  // of a round with a reader beside the round without before it
  uint64_t queries = 0;
  double wall_ms = 0;    // median of a query
  double cpu_ms = 0;     // the same in CPU time of its thread
  double cpu_ms_99 = 0;  // and its 99th percentile
  StepSummary steps;     // of 64 packets of the writer, while the other thread asks
};

// The first 100 hosts, or flows, asked for again and again from another thread. Errors as
// measure_throughput(); a query that is not answered.
Result<ReadersResult> measure_readers(const ReadersRequest& request);

}  // namespace weir::bench
