// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/value.h"
#include "decode/decoded_packet.h"
#include "engine/interface.h"
#include "net/drop_place.h"

namespace weir {

// The counters of an interface's shards added up. A plain value.
struct InterfaceSums {
  Traffic total;
  uint64_t captured_bytes = 0;
  uint64_t first_seen = 0;  // nanoseconds since 1970; 0: no packet yet
  uint64_t last_seen = 0;
  uint32_t clock_second = 0;
  uint64_t time_jumps = 0;
  uint64_t unresolved_fragments = 0;
  std::array<Traffic, 256> by_protocol{};
  std::array<uint64_t, 256> flows_by_protocol{};
  std::map<uint16_t, Traffic> by_ethertype;
  Traffic ethertype_overflow;
  std::array<Traffic, static_cast<size_t>(DecodeError::kCount)> not_decoded{};
  std::array<uint64_t, static_cast<size_t>(DecodeError::kCount)> malformed{};
  TcpQuality tcp;              // of all TCP packets that belong to a flow
  uint64_t tcp_uncounted = 0;  // TCP flows for whose own counts there was no room
  Traffic other_flows;         // beyond the memory budget
  uint64_t flows = 0;          // in the tables now
  uint64_t hosts = 0;          // in the tables now; a host in two shards counts twice
  uint64_t flows_total = 0;
  uint64_t hosts_total = 0;
  uint64_t flows_evicted = 0;
  uint64_t flows_refused = 0;
  uint64_t memory_used = 0;
  uint64_t memory_limit = 0;
  uint64_t kernel_drops = 0;
  uint64_t interface_drops = 0;
  uint64_t ring_freezes = 0;
  uint64_t fill_ring_empty = 0;
  uint32_t missing = 0;  // as InputStatus's, of the one that misses most
  DropCounts drops;      // kernel_drops and interface_drops by place
};

// Any thread.
[[nodiscard]] InterfaceSums sum_interface(const Interface& interface);

// [{"name", "packets", "bytes", "flows"} ...], largest first: IP protocols.
[[nodiscard]] Value protocols_answer(const InterfaceSums& sums);
// [{"name", "packets", "bytes"} ...], largest first: what carried no IP.
[[nodiscard]] Value ethertypes_answer(const InterfaceSums& sums);
// {"packets", "bytes"}
[[nodiscard]] Value traffic_answer(const Traffic& traffic);
// Of the packets that were there to be seen, the part that was: 1 when nothing is known to be lost.
[[nodiscard]] double completeness(const InterfaceSums& sums);
// {"place": packets ...}; {} when nothing was lost.
[[nodiscard]] Value drops_answer(const DropCounts& drops);
// [{"shard", "packets" ...} ...]: what each shard did, and its thread.
[[nodiscard]] Value shards_answer(const Interface& interface);
// {"reason": packets ...}; {} when all was decoded.
[[nodiscard]] Value not_decoded_answer(const InterfaceSums& sums);
[[nodiscard]] Value malformed_answer(const InterfaceSums& sums);

}  // namespace weir
