// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/capture_thread.h"
#include "app/collect_thread.h"
#include "app/collector_board.h"
#include "app/kept_templates.h"
#include "app/known_places.h"
#include "app/options.h"
#include "app/remembered_hosts.h"
#include "app/source_spec.h"
#include "base/result.h"
#include "base/value.h"
#include "capture/packet_source.h"
#include "collect/export_listener.h"
#include "engine/interface.h"
#include "export/flow_outlets.h"

namespace weir {

// One interface with the sources of its shards, or the sockets to which exporters send, not yet
// running.
struct Watched {
  std::unique_ptr<Interface> interface;
  std::vector<std::unique_ptr<PacketSource>> sources;
  std::unique_ptr<ExportListener> listener{};  // null for packets
  std::unique_ptr<CollectorBoard> board{};     // beside the listener, for as long as it is watched
  std::optional<KeptTemplates> templates{};    // likewise
  FlowReports* relayed{};  // where records go on to; null: nowhere. Owner: the outlets
};

// What interfaces tell besides answering questions. Both may be null.
struct Listeners {
  RememberedHosts* hosts;
  FlowOutlets* outlets;
};

// Opens all or says why not. `memory_bytes`: for the tables of all of them.
[[nodiscard]] Result<std::vector<Watched>> open_all(
    const std::vector<SourceSpec>& specs, const MonitorOptions& options, size_t memory_bytes,
    const std::shared_ptr<const ProtocolRules>& rules, const KnownPlaces& places,
    const Listeners& listeners);
[[nodiscard]] std::vector<const Interface*> interfaces_of(const std::vector<Watched>& watched);

// A thread for each shard, which takes its source.
[[nodiscard]] std::vector<std::unique_ptr<CaptureThread>> start_capture(
    std::vector<Watched>& watched, const MonitorOptions& options);

// A thread for each that hears exporters, which takes its sockets. `tell`: takes what is told that
// is no flow; any of these threads calls it.
[[nodiscard]] std::vector<std::unique_ptr<CollectThread>> start_collecting(
    std::vector<Watched>& watched, const MonitorOptions& options,
    const std::function<void(const Value&)>& tell);
// Writes templates to the data folder now and then, and when it ends.
void keep_templates(std::vector<Watched>& watched, bool is_end = false);

// Says once what became of an interface that is over. `reported` has an entry for each.
void report_ends(const std::vector<Watched>& watched, std::vector<bool>& reported);

// What SIGHUP asks for: reads rules and address files again. What is wrong in them is logged and
// changes nothing.
void reload(const std::vector<Watched>& watched, KnownPlaces& places, const TableOptions& tables);

}  // namespace weir
