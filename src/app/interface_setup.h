// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/memory_limit.h"
#include "app/options.h"
#include "base/result.h"
#include "engine/interface.h"
#include "record/flow_sink.h"
#include "record/host_archive.h"

namespace weir {

// Where forgotten hosts of an interface go, and by what peers and ports must be estimated so that
// they add up with what is known there.
struct HostArchives {
  std::vector<HostArchive*> of_shards;
  KeyedHash::Secret estimate_secret{};
};

// An interface with its shards. `memory_bytes` is for all of them together; `sinks`: one a shard,
// or none at all. `splits_by_hash`: every shard will be shown every packet and takes its share
// (files); otherwise each takes what it is shown.
[[nodiscard]] Result<std::unique_ptr<Interface>> make_interface(
    const std::string& id, const std::string& name, uint32_t first_shard,
    const TableOptions& tables, size_t memory_bytes, bool splits_by_hash,
    const std::vector<FlowSink*>& sinks, std::shared_ptr<const ProtocolRules> rules,
    std::shared_ptr<const Places> places, const HostArchives& archives = {});

// The rules that name applications, with those of --protocols; null with --no-dpi. Error: the file
// cannot be read or says something wrong.
[[nodiscard]] Result<std::shared_ptr<const ProtocolRules>> load_rules(const TableOptions& tables);

// --memory, or what the plan gives them.
[[nodiscard]] size_t memory_for_tables(const TableOptions& tables, const MemoryPlan& plan);

// Whether what `path` names can be read only once: "-", a FIFO, <( ... ), /dev/stdin.
[[nodiscard]] bool reads_once(const std::string& path);

// The last part of a path; "stdin" for "-".
[[nodiscard]] std::string file_id(const std::string& path);

}  // namespace weir
