// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/result.h"
#include "engine/memory_budget.h"
#include "engine/slab.h"
#include "engine/tcp_analysis.h"
#include "record/tcp_quality.h"

namespace weir {

// What is known of one TCP flow; `quality` by end that sent, of no meaning without has_quality.
struct TcpSnapshot {
  TcpRoundTrips round_trips;
  std::array<TcpQuality, 2> quality;
  bool has_quality = false;
};

// How well the TCP flows of a FlowTable go: a TcpAnalysis for each of its slots, which the table
// keeps with the rest of a flow, TcpCounts for those flows that something happened to, and the
// totals of all. Counts are a chunk of 4,096 at a time of the budget; a flow for whose counts there
// is no room is in the totals and says nothing of itself. Owner: shard thread. read(), totals() and
// uncounted() may be called by any thread; what read() finds belongs together only under the flow's
// Sequence.
class TcpFlows {
 public:
  // For the slots of a table of `max_flows`, whose `analyses` outlive it and never move. Errors: no
  // address space.
  static Result<std::unique_ptr<TcpFlows>> create(SlabArray<TcpAnalysis>& analyses,
                                                  uint32_t max_flows, MemoryBudget& budget);

  // A new TCP flow in `slot`.
  void begin(uint32_t slot);
  // The flow that began in `slot` is over.
  void end(uint32_t slot);
  // What was found of the packet: TcpEvent bits.
  uint8_t account(uint32_t slot, unsigned sender, const TcpSegment& segment, Timestamp when) {
    const uint8_t found = analyse(analyses_[slot], sender, segment, when);
    if (found != 0) [[unlikely]]
      count(slot, sender, found);
    return found;
  }

  // Any thread. REQUIRES: the flow in `slot` is TCP.
  [[nodiscard]] TcpSnapshot read(uint32_t slot) const;
  // Any thread: of all packets of all TCP flows, those that are over included.
  [[nodiscard]] TcpQuality totals() const;
  // Any thread: flows for whose counts there was no room.
  [[nodiscard]] uint64_t uncounted() const { return uncounted_.read(); }

 private:
  static constexpr uint32_t kNoCounts = 0;
  static constexpr uint32_t kUncounted = UINT32_MAX;

  using Counts = Slab<TcpCounts>;

  TcpFlows(TcpAnalysis* analyses, Counts::Arrays counts, uint32_t max_flows, MemoryBudget& budget)
      : analyses_(analyses), counts_(std::move(counts), max_flows, budget) {}

  void count(uint32_t slot, unsigned sender, uint8_t found);
  [[nodiscard]] uint32_t allocate();

  TcpAnalysis* analyses_;  // by slot of the flow table
  Counts counts_;          // slot 0 stands for none
  std::array<Cell<uint64_t>, kTcpEventKinds> totals_{};
  Cell<uint64_t> uncounted_{};
};

}  // namespace weir
