// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "engine/flow_slot.h"
#include "engine/host_slot.h"

namespace weir {

// Figures of a record that other threads rank millions by, read from as few of its lines as they
// need and without a consistent copy: a packet that is being accounted may be half in them, and a
// slot that is just being filled may show its last life. What is ranked high is looked at again by
// snapshot(). Any thread.

inline uint64_t peek_bytes(const HostSide& side) {
  uint64_t sum = 0;
  for (const auto& bytes : side.hot.bytes) sum += bytes.read();
  return sum;
}
// Of the last whole second before `now`, as whole_second_rate().
inline uint64_t peek_rate(const HostSide& side, uint32_t now) {
  const uint32_t second = side.hot.second.read();
  if (now == second) return side.warm.last_bytes.read();
  if (now != second + 1) return 0;
  const uint64_t bytes = peek_bytes(side);
  const uint64_t before = side.warm.bytes_before.read();
  return bytes > before ? bytes - before : 0;
}
inline void prefetch_peek(const HostSlot& host) {
  __builtin_prefetch(&host.sent, 0, 0);
  __builtin_prefetch(&host.received, 0, 0);
}

inline uint64_t peek_bytes(const FlowSlot& flow, unsigned end) {
  return flow.hot.bytes[end].read();
}
inline uint64_t peek_rate(const FlowSlot& flow, unsigned end, uint32_t now) {
  const uint32_t second = flow.hot.second.read();
  if (now == second) return flow.warm.last_bytes[end].read();
  if (now != second + 1) return 0;
  const uint64_t bytes = peek_bytes(flow, end);
  const uint64_t before = flow.warm.bytes_before[end].read();
  return bytes > before ? bytes - before : 0;
}

}  // namespace weir
