// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "engine/interface.h"
#include "engine/second_series.h"
#include "query/interface_sums.h"

namespace weir {

// All shards together in one second; nothing when none has it.
[[nodiscard]] std::optional<SeriesPoint> point_at(const Interface& interface, uint32_t second);

// Whether the interface was looking in that second: a second between its first and its last packet
// without any is 0, not a gap.
[[nodiscard]] bool was_looking(const InterfaceSums& sums, uint32_t second);

}  // namespace weir
