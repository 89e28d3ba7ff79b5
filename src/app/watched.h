// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "app/capture_thread.h"
#include "app/known_places.h"
#include "app/options.h"
#include "app/remembered_hosts.h"
#include "app/source_spec.h"
#include "base/result.h"
#include "capture/packet_source.h"
#include "engine/interface.h"

namespace weir {

// One interface with the sources of its shards, not yet running.
struct Watched {
  std::unique_ptr<Interface> interface;
  std::vector<std::unique_ptr<PacketSource>> sources;
};

// Opens all or says why not. `memory_bytes`: for the tables of all of them. `hosts` may be null.
[[nodiscard]] Result<std::vector<Watched>> open_all(
    const std::vector<SourceSpec>& specs, const MonitorOptions& options, size_t memory_bytes,
    const std::shared_ptr<const ProtocolRules>& rules, const KnownPlaces& places,
    RememberedHosts* hosts);
[[nodiscard]] std::vector<const Interface*> interfaces_of(const std::vector<Watched>& watched);

// A thread for each shard, which takes its source.
[[nodiscard]] std::vector<std::unique_ptr<CaptureThread>> start_capture(
    std::vector<Watched>& watched, const MonitorOptions& options);

// Says once what became of an interface that is over. `reported` has an entry for each.
void report_ends(const std::vector<Watched>& watched, std::vector<bool>& reported);

// What SIGHUP asks for: reads rules and address files again. What is wrong in them is logged and
// changes nothing.
void reload(const std::vector<Watched>& watched, KnownPlaces& places, const TableOptions& tables);

}  // namespace weir
