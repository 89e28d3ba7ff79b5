// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/cell.h"
#include "base/spsc_queue.h"
#include "export/exported_flow.h"
#include "record/collected_flow.h"
#include "record/flow_sink.h"

namespace weir {

// What one shard tells the outlets: flows that end, those that go on once in a while, and flow
// records of others as they come. A queue between the shard's thread and the outlets'; a full one
// refuses, and what it refused is counted. Owner: the outlets.
class FlowReports final : public FlowSink {
 public:
  static constexpr size_t kQueue = 4096;  // some 2 MB
  // Of a shard that collects: what exporters send at the end of a minute comes at once.
  static constexpr size_t kQueueOfRecords = 16384;
  // Flows that go on and were told of; of further ones only the end is told.
  static constexpr size_t kMostTold = size_t{1} << 18;

  // What waits for room, at most some seconds: all flows of a file, and those of the wire that end
  // because weir does; nothing else may.
  enum class WhenFull : uint8_t { kLeaveOut, kWait };

  // `interface`: its number. `every`: how often a flow that goes on is told of; 0: when it ends.
  // `queue`: flows that wait.
  FlowReports(uint32_t interface, std::chrono::seconds every,
              WhenFull when_full = WhenFull::kLeaveOut, size_t queue = kQueue)
      : interface_(interface), every_(every), when_full_(when_full), queue_(queue) {}

  // The shard's thread.
  void accept(const FlowRecord& record) override;
  [[nodiscard]] bool is_due(uint64_t id, Timestamp first_seen, Timestamp last_seen,
                            Timestamp now) override;
  // Those of a shard that collects, whose own flows are not told of: a record goes on at once.
  // Waits for room a tenth of the time at most: what comes in a burst the sockets can hold
  // meanwhile.
  void pass_on(std::span<const CollectedFlow> flows);

  // The outlets' thread.
  [[nodiscard]] std::optional<ExportedFlow> next() { return queue_.pop(); }

  // Any thread: flows that found the queue full.
  [[nodiscard]] uint64_t lost() const { return lost_.read(); }

 private:
  struct Told {
    Timestamp when;  // the flow's last packet then
    Traffic to_server;
    Traffic to_client;
  };

  [[nodiscard]] bool push(ExportedFlow&& flow, bool waits);
  [[nodiscard]] bool push_soon(ExportedFlow&& flow);
  // What of `record` is new since it was told of.
  [[nodiscard]] FlowRecord news(const FlowRecord& record) const;

  uint32_t interface_;
  std::chrono::seconds every_;
  WhenFull when_full_;
  std::unordered_map<uint64_t, Told> told_;  // by flow id
  SpscQueue<ExportedFlow> queue_;
  Cell<uint64_t> lost_{};
  // How long pass_on() waited since when.
  std::chrono::steady_clock::time_point waiting_since_;
  std::chrono::steady_clock::duration waited_{};
};

// A flow record of others as one of ours. Who began is not always known: then its source is the
// client, unless its port alone is a known service.
[[nodiscard]] FlowRecord flow_of(const CollectedFlow& collected);

}  // namespace weir
