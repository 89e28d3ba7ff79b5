// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/result.h"
#include "measure.h"

namespace weir::bench {

struct InterfacesRequest {
  uint64_t hosts = 10'000;
  uint64_t flows = 50'000;
  unsigned rounds = 5;
};

struct InterfacesResult {
  Spread one_mpps;  // of wall-clock time, one thread with an interface of its own
  Spread two_mpps;  // of both, when two such run at the same time
  Spread times;     // the latter over the former, round by round
};

// Whether interfaces are in each other's way: they share nothing, so two take as long as one where
// two cores are free. Errors as measure_throughput().
Result<InterfacesResult> measure_interfaces(const InterfacesRequest& request);

}  // namespace weir::bench
