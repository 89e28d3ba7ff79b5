// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/shard_counters.h"

namespace weir {

TrafficCells& ShardCounters::ethertype(uint16_t ethertype) {
  for (EthertypeEntry& entry : by_ethertype) {
    if (entry.traffic.packets.get() == 0) {
      entry.ethertype.set(ethertype);
      return entry.traffic;
    }
    if (entry.ethertype.get() == ethertype) return entry.traffic;
  }
  return ethertype_overflow;
}

}  // namespace weir
