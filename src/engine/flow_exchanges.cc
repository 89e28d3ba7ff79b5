// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/flow_exchanges.h"

namespace weir {

Result<std::unique_ptr<FlowExchanges>> FlowExchanges::create(uint32_t max_flows,
                                                             MemoryBudget& budget) {
  auto records = Records::reserve(max_flows);
  if (!records) return records.error();
  return std::unique_ptr<FlowExchanges>(new FlowExchanges(std::move(*records), max_flows, budget));
}

uint32_t FlowExchanges::begin() {
  if (!records_.has_slot_0() && records_.allocate() != kNone) return kNone;
  const uint32_t slot = records_.allocate();
  if (slot == Records::kNone) return kNone;
  Record& record = records_.part<Record>(slot);
  for (Cell<uint64_t>& part : record.split) part.set(0);
  record.first_latency.set(0);
  record.count.set(0);
  record.split_count.set(0);
  record.clock = {};
  return slot;
}

void FlowExchanges::end(uint32_t record) {
  if (record != kNone) records_.release(record);
}

void FlowExchanges::add(uint32_t record, uint64_t latency_ns,
                        const std::optional<TimeSplit>& split) {
  Record& own = records_.part<Record>(record);
  if (own.count.get() == 0) own.first_latency.set(latency_ns);
  own.count.add(1);
  if (!split) return;
  own.split_count.add(1);
  for (size_t i = 0; i < kTimeParts; ++i) own.split[i].add(split->spent[i]);
}

FlowTransactions FlowExchanges::read(uint32_t record) const {
  FlowTransactions read;
  if (record == kNone || record >= records_.limit()) return read;
  const Record& own = records_.part<Record>(record);
  read.count = own.count.read();
  read.split_count = own.split_count.read();
  read.first_latency_ns = own.first_latency.read();
  for (size_t i = 0; i < kTimeParts; ++i) read.split.spent[i] = own.split[i].read();
  return read;
}

}  // namespace weir
