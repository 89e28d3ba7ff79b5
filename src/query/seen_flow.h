// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "engine/interface.h"
#include "query/filter.h"
#include "query/memoized_filter.h"
#include "query/row_context.h"
#include "query/scan.h"
#include "record/field_value.h"
#include "record/flow_record.h"

namespace weir {

// One flow after the other of one shard of an interface, as a filter looks at them: what flows
// share, such as applications and countries, is looked at once. Owner: the thread that answers.
class SeenFlow {
 public:
  // `shard`: its index in the interface. `detail`: what each flow is read with. All must outlive
  // it.
  SeenFlow(const Interface& interface, uint32_t shard, const RowContext& context,
           const Filter& filter, FlowDetail detail);

  // Fetches what matches() will want of the flow in a slot that is looked at soon.
  void prefetch(uint32_t slot) const {
    shard_.flows().prefetch_record(slot);
    if (wants_places_) shard_.prefetch_places(slot);
  }
  // Whether there is a flow in the slot, which is the one that all else is about from then on.
  [[nodiscard]] bool look(uint32_t slot);
  // Whether the filter says yes.
  [[nodiscard]] bool matches();
  [[nodiscard]] FieldValue field(uint8_t index);
  [[nodiscard]] const FlowRecord& record() const { return record_; }

 private:
  [[nodiscard]] bool holds(const FilterTest& test, uint8_t index);
  void look_up(uint8_t index);
  [[nodiscard]] const FlowPlaces& places();
  [[nodiscard]] uint64_t key_of(uint8_t group);

  const Shard& shard_;
  const RowContext& context_;
  const RecordContext names_;
  MemoizedFilter filter_;
  const FlowDetail detail_;
  const bool is_placed_;  // where the context's places say, when the answer began
  const bool wants_places_;
  const uint32_t now_;
  FlowRecord record_;
  FlowPlaces places_;  // nowhere when nobody knows places
  bool has_places_ = false;
};

}  // namespace weir
