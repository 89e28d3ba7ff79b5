// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "base/result.h"

namespace weir {

// Whether the console may listen where it is to: other than loopback only with --insecure.
[[nodiscard]] Result<void> check_address(const MonitorOptions& options);

// What `monitor` with these options would refuse, as far as it shows without opening a socket and
// without changing anything: the address, sources, filter, memory, files and folders that are
// named. Files of rules, places, keys and captures are opened, but not what can be read only once.
// What it cannot see: privileges, ports that are in use, whether others answer, whether a folder
// can be made or written to. Error: as `monitor` would say it.
[[nodiscard]] Result<void> check_start(const MonitorOptions& options);

}  // namespace weir
