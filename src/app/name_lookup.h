// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "app/options.h"
#include "base/result.h"
#include "cache/cache.h"
#include "engine/interface.h"
#include "enrich/reverse_names.h"

namespace weir {

// Asks for the names of the hosts of these interfaces as --resolve says; null: of none. What is
// passed must outlive it. Error: --dns-server cannot be used.
[[nodiscard]] Result<std::unique_ptr<ReverseNames>> look_up_names(
    const MonitorOptions& options, const std::vector<const Interface*>& interfaces, Cache& cache);

// Whether a name server is asked for the name of `address`: not of groups and of nobody.
[[nodiscard]] bool is_resolved(const IpAddress& address, const MonitorOptions& options);

}  // namespace weir
