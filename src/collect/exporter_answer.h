// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/value.h"
#include "collect/collector.h"
#include "collect/export_listener.h"

namespace weir {

// "NetFlow v9", "IPFIX", "sFlow v5" ...
[[nodiscard]] std::string_view export_version_name(ExportVersion version);

// A row of the list of exporters: the fields of `exporter` in schema/fields.json. `interface`: id
// of the input that hears it.
[[nodiscard]] Value exporter_answer(const Exporter& exporter, std::string_view interface);

// What a collector and its sockets count besides: a part of `health`.
[[nodiscard]] Value collector_answer(const Collector& collector, const ListenStatistics& sockets);

// Of the traffic that the exporters tell of, the part that came here; an exporter counts by its
// records. 1 when nothing is known to be missing.
[[nodiscard]] double completeness(const ExporterTable& exporters);

}  // namespace weir
