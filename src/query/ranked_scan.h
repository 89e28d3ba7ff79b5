// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/flow_table.h"
#include "engine/host_table.h"
#include "record/fields.gen.h"

namespace weir {

// The slots of the `count` records with the largest values of a field, in ascending order; nothing
// when the field is not one that can be seen in the lines a packet touches. While packets come,
// what is near the end of the list may be off by those of the scan. Any thread. Cost: two lines a
// host and one a flow for bytes, twice that for rates: a million hosts take some ten milliseconds
// (bench/query_bench.cc).
[[nodiscard]] std::optional<std::vector<uint32_t>> top_hosts(const HostTable& hosts,
                                                             HostField field, uint32_t now,
                                                             size_t count);
[[nodiscard]] std::optional<std::vector<uint32_t>> top_flows(const FlowTable& flows,
                                                             FlowField field, uint32_t now,
                                                             size_t count);

}  // namespace weir
