// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <istream>
#include <string>

#include "app/host_store.h"
#include "app/options.h"
#include "base/result.h"

namespace weir {

// `weir import-hosts`: puts what another weir knew of hosts where `weir monitor --data` of the same
// folder finds it. Exit code.
[[nodiscard]] int run_import_hosts(const ImportHostsOptions& options);

// Adds each line of JSON, as Questions::host_record() answers it, to the hosts of the interface;
// how many there were. Error: a line that is no host, by its number; those before it are added.
[[nodiscard]] Result<size_t> import_hosts(std::istream& lines, const std::string& interface,
                                          HostStore& store);

}  // namespace weir
