// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/shard.h"
#include "net/packet_view.h"

namespace weir::bench {

// What is measured: weir's, or one of those it is compared with. Owner: one thread.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual void process(const PacketBatch& batch) = 0;
  // What it has seen since it was made.
  [[nodiscard]] virtual uint64_t packets() const = 0;
  [[nodiscard]] virtual uint64_t flows() const = 0;
  // Flows that it holds now.
  [[nodiscard]] virtual uint64_t held() const = 0;
};

// How much an engine must hold without letting anything go.
struct EngineSize {
  uint64_t hosts = 0;
  uint64_t flows = 0;
};

// A shard with room for that many and nothing to sweep away before its time.
[[nodiscard]] ShardOptions roomy_shard(const EngineSize& size);

// `name`: "weir"; "unordered_map" or "absl", which do the same accounting with a map of flows and
// a map of hosts. Null for any other name or when weir's tables cannot be had. `memory_bytes`: a
// budget for weir, 0 for what `size` needs.
[[nodiscard]] std::unique_ptr<Engine> make_engine(std::string_view name, const EngineSize& size,
                                                  size_t memory_bytes = 0);

}  // namespace weir::bench
