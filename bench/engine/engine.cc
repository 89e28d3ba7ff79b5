// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine.h"

#include <unordered_map>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include "map_engine.h"

namespace weir::bench {
namespace {

class WeirEngine final : public Engine {
 public:
  explicit WeirEngine(std::unique_ptr<Shard> shard) : shard_(std::move(shard)) {}
  void process(const PacketBatch& batch) override { shard_->process(batch); }
  [[nodiscard]] uint64_t packets() const override {
    return shard_->counters().total.read().packets;
  }
  [[nodiscard]] uint64_t flows() const override {
    uint64_t sum = 0;
    for (const auto& flows : shard_->counters().flows_by_protocol) sum += flows.read();
    return sum;
  }
  [[nodiscard]] uint64_t held() const override { return shard_->flows().live(); }

 private:
  std::unique_ptr<Shard> shard_;
};

// std::unordered_map never moves its values; absl::flat_hash_map does, so the hosts, to which
// flows point, are in the one of absl's maps that does not.
using UnorderedMapEngine = MapEngine<std::unordered_map<MapFlowKey, MapFlow, GivenHash>,
                                     std::unordered_map<MapHostKey, MapHost, GivenHash>>;
using AbslEngine = MapEngine<absl::flat_hash_map<MapFlowKey, MapFlow, GivenHash>,
                             absl::node_hash_map<MapHostKey, MapHost, GivenHash>>;

}  // namespace

ShardOptions roomy_shard(const EngineSize& size) {
  ShardOptions options;
  for (const char* network : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fe80::/10"})
    options.local_networks.push_back(*Prefix::parse(network));
  options.memory_bytes =
      3 * (size.flows * FlowTable::kBytesPerFlow + size.hosts * HostTable::kBytesPerHost) +
      (size_t{64} << 20);
  options.timeouts = {std::chrono::hours(24), std::chrono::hours(24), std::chrono::hours(24),
                      std::chrono::hours(24), std::chrono::hours(24)};
  options.secret = KeyedHash::random_secret();
  return options;
}

std::unique_ptr<Engine> make_engine(std::string_view name, const EngineSize& size,
                                    size_t memory_bytes) {
  if (name == "unordered_map") return std::make_unique<UnorderedMapEngine>();
  if (name == "absl") return std::make_unique<AbslEngine>();
  if (name != "weir") return nullptr;
  ShardOptions options = roomy_shard(size);
  if (memory_bytes != 0) options.memory_bytes = memory_bytes;
  auto shard = Shard::create(options, nullptr);
  return shard ? std::make_unique<WeirEngine>(std::move(*shard)) : nullptr;
}

}  // namespace weir::bench
