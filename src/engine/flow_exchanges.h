// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "base/cell.h"
#include "base/result.h"
#include "engine/exchange_clock.h"
#include "engine/memory_budget.h"
#include "engine/slab.h"
#include "record/time_split.h"

namespace weir {

// What is known of the exchanges of those flows of a FlowTable that have any: their number and what
// their time was spent on, and for TCP flows the clock that tells. A record is made when a flow's
// payload is first looked at or its first transaction ends, a chunk of 4,096 at a time of the
// budget; a flow for which there is no room says nothing of its exchanges. Owner: shard thread;
// read() by any thread, and what it finds belongs together only under the flow's Sequence.
class FlowExchanges {
 public:
  static constexpr uint32_t kNone = 0;

  // Error: no address space.
  static Result<std::unique_ptr<FlowExchanges>> create(uint32_t max_flows, MemoryBudget& budget);

  // A record without exchanges; kNone when there is no room.
  [[nodiscard]] uint32_t begin();
  // kNone is no record, and is let go of without effect.
  void end(uint32_t record);
  [[nodiscard]] ExchangeClock& clock(uint32_t record) {
    return records_.part<Record>(record).clock;
  }
  [[nodiscard]] uint32_t count(uint32_t record) const {
    return records_.part<Record>(record).count.get();
  }
  // One more answered transaction.
  void add(uint32_t record, uint64_t latency_ns, const std::optional<TimeSplit>& split);

  // Any thread.
  [[nodiscard]] FlowTransactions read(uint32_t record) const;

 private:
  struct Record {
    std::array<Cell<uint64_t>, kTimeParts> split;
    Cell<uint64_t> first_latency;
    Cell<uint32_t> count;
    Cell<uint32_t> split_count;
    ExchangeClock clock;  // the owner's alone
  };
  using Records = Slab<Record>;

  FlowExchanges(Records::Arrays records, uint32_t max_flows, MemoryBudget& budget)
      : records_(std::move(records), max_flows, budget) {}

  Records records_;  // slot 0 stands for none
};

}  // namespace weir
