// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "step_clock.h"

namespace weir::bench {

struct FloodRequest {
  size_t memory_bytes = size_t{256} << 20;
  uint64_t established = 1'000;  // flows between as many hosts, TCP and UDP, both ways
  uint64_t syns_per_second = 1'000'000;
  unsigned seconds = 10;  // of packet time
};

struct FloodResult {
  double mpps = 0;  // of CPU time, in the flood
  StepSummary steps;
  uint64_t syns = 0;
  size_t resident_bytes = 0;    // what the shard added to the process
  uint64_t ended_in_flood = 0;  // of the established flows, until the flood was over
  uint64_t ended_after = 0;     // and until the calm was
  uint64_t flows_after = 0;     // in the table two idle timeouts (of flows) later
  uint64_t hosts_after = 0;     // and two idle timeouts of hosts after those
  bool exact = false;  // flows, hosts and the interface each add up to every packet and byte sent
};

// SYNs of random sources, nine for each packet of the established flows, with the timeouts that are
// the defaults; then only the established flows go on. Errors: the traffic contradicts itself.
Result<FloodResult> measure_flood(const FloodRequest& request);

}  // namespace weir::bench
