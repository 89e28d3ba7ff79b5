// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/interface_setup.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/log.h"

namespace weir {

size_t memory_for_tables(const TableOptions& tables, const MemoryPlan& plan) {
  return tables.memory_bytes != 0 ? tables.memory_bytes : plan.tables_bytes;
}

Result<std::unique_ptr<Interface>> make_interface(const std::string& id, const std::string& name,
                                                  uint32_t first_shard, const TableOptions& tables,
                                                  size_t memory_bytes, bool splits_by_hash,
                                                  const std::vector<FlowSink*>& sinks,
                                                  std::shared_ptr<const ProtocolRules> rules,
                                                  std::shared_ptr<const Places> places,
                                                  const HostArchives& archives) {
  ShardOptions options;
  options.memory_bytes = memory_bytes / tables.shards;
  options.timeouts = tables.timeouts;
  options.secret = KeyedHash::random_secret();
  if (!splits_by_hash) options.estimate_secret = options.secret;
  if (!archives.of_shards.empty()) options.estimate_secret = archives.estimate_secret;
  options.collects = tables.collects;
  options.inspects = tables.inspects && options.memory_bytes >= Shard::kMinMemoryToInspect;
  if (tables.inspects && !options.inspects)
    log_warning(fmt::format("{}: below {} MB of memory a shard applications are named by port only",
                            name, Shard::kMinMemoryToInspect >> 20));
  options.rules = std::move(rules);
  options.places = std::move(places);
  options.local_networks = tables.local_networks;
  if (options.inspects) options.expected = std::make_shared<ExpectedFlows>(options.secret);
  options.count = splits_by_hash ? tables.shards : 1;
  std::vector<std::unique_ptr<Shard>> shards;
  for (uint32_t i = 0; i < tables.shards; ++i) {
    options.index = splits_by_hash ? i : 0;
    options.archive = archives.of_shards.empty() ? nullptr : archives.of_shards[i];
    auto shard = Shard::create(options, sinks.empty() ? nullptr : sinks[i]);
    if (!shard) return shard.error().in(name);
    shards.push_back(std::move(*shard));
  }
  return std::make_unique<Interface>(id, name, first_shard, std::move(shards));
}

Result<std::shared_ptr<const ProtocolRules>> load_rules(const TableOptions& tables) {
  return ProtocolRules::load(tables.protocols_file);
}

bool reads_once(const std::string& path) {
  if (path == "-") return true;
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored);
  return std::filesystem::exists(kind) && !std::filesystem::is_regular_file(kind) &&
         !std::filesystem::is_directory(kind);
}

std::string file_id(const std::string& path) {
  if (path == "-") return "stdin";
  const std::string name = std::filesystem::path(path).filename().string();
  return name.empty() ? path : name;
}

}  // namespace weir
