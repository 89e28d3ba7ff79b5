// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "measure.h"
#include "traffic/traffic_options.h"

namespace weir::bench {

struct ThroughputRequest {
  TrafficOptions traffic;  // .packets is set by measure_throughput()
  std::vector<std::string> engines;
  unsigned rounds = 5;
  uint64_t stretch_bytes = uint64_t{256} << 20;  // of frames a round; at most 4 M packets
};

struct EngineThroughput {
  std::string engine;
  Spread mpps;                // million packets a second of CPU time, all flows known
  Spread ratio;               // to the last engine's in the same round
  double opening_mpps = 0;    // of the packets that open the flows and answer
  size_t resident_bytes = 0;  // what the engine added to the process
};

// Every engine gets the same packets: first those that open all flows, then one round unmeasured,
// then the rounds. In each round the engines take turns with the same stretch of packets, each
// time another one first. Errors: the traffic contradicts itself; no such engine; an engine did not
// count each packet or not each flow.
Result<std::vector<EngineThroughput>> measure_throughput(const ThroughputRequest& request);

}  // namespace weir::bench
