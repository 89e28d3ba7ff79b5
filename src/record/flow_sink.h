// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "record/flow_record.h"
#include "record/host_record.h"

namespace weir {

// Where ended flows go. One shard thread calls accept(); it must not wait in a live capture (queue,
// and count what does not fit) and must not lose anything when a file is read (then it may wait).
class FlowSink {
 public:
  virtual ~FlowSink() = default;
  virtual void accept(const FlowRecord& record) = 0;
  // False for a flow that accept() need not be called with. What is known of its payload and its
  // transactions is not in `record`, for to read it is half of what the end of a flow costs.
  [[nodiscard]] virtual bool wants(const FlowRecord& record) const {
    static_cast<void>(record);
    return true;
  }
  // Whether accept() is to be called with a flow that goes on (EndReason::kActive): asked of every
  // flow now and then. A sink that is told so must expect that it was told of the flow before.
  [[nodiscard]] virtual bool is_due(uint64_t id, Timestamp first_seen, Timestamp last_seen,
                                    Timestamp now) {
    static_cast<void>(id);
    static_cast<void>(first_seen);
    static_cast<void>(last_seen);
    static_cast<void>(now);
    return false;
  }
};

}  // namespace weir
