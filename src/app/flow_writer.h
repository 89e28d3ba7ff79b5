// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "app/sorted_lines.h"
#include "query/row_context.h"
#include "record/flow_sink.h"

namespace weir {

// Collects a shard's ended flows as lines of JSON, in the order in which the flows began; the same
// for any number of shards. Owner: shard thread, then whoever merges.
class FlowWriter final : public FlowSink {
 public:
  // `interface`: what the flows' field of that name says. `folder` and `limit_bytes` as for
  // SortedLines.
  FlowWriter(std::string interface, RowContext context, const std::string& folder,
             size_t limit_bytes = SortedLines::kDefaultLimit)
      : interface_(std::move(interface)),
        context_(std::move(context)),
        lines_(folder, limit_bytes) {}

  void accept(const FlowRecord& record) override;
  [[nodiscard]] SortedLines& lines() { return lines_; }

 private:
  std::string interface_;
  RowContext context_;
  SortedLines lines_;
};

}  // namespace weir
