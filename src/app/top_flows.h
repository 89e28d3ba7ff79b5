// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "base/value.h"
#include "record/flow_sink.h"

namespace weir {

// Keeps the flows with the most bytes of those it is given and, where there is one, hands each on
// to another sink. Owner: shard thread, then whoever asks for the rows.
class TopFlows final : public FlowSink {
 public:
  static constexpr size_t kKept = 10;

  explicit TopFlows(FlowSink* next) : next_(next) {}

  void accept(const FlowRecord& record) override;
  [[nodiscard]] bool wants(const FlowRecord& record) const override;
  // The largest of several, as rows with the names of schema/fields.json.
  [[nodiscard]] static Value rows(const std::vector<const TopFlows*>& parts);

 private:
  [[nodiscard]] bool is_large(const FlowRecord& record) const;
  void keep(const FlowRecord& record);

  FlowSink* next_;
  std::vector<FlowRecord> flows_;  // a heap, the smallest on top
};

}  // namespace weir
