// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "engine/interface.h"

namespace weir {

// What every thread that feeds a shard does at its beginning: says which it is, and runs on `cpu`
// where one is named; one that is not there is said once, and the thread runs where it may.
void begin_shard_thread(InputStatus& status, std::optional<uint32_t> cpu);

// Tells how long the calling thread ran and waited for a processor (schedstat, proc(5)).
void publish_thread_times(InputStatus& status);

}  // namespace weir
