// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/interface.h"
#include "store/sqlite_host_days.h"

namespace weir {

// The hosts of past days, in the data folder, of the hosts of these interfaces, which must outlive
// it. Null without a data folder, and when the file cannot be used, which is logged: weir goes on
// without it. `options` says what is not usual.
[[nodiscard]] std::unique_ptr<SqliteHostDays> keep_days(const std::string& data_folder,
                                                        std::vector<const Interface*> interfaces,
                                                        HostDayOptions options);

// Writes what was seen since the last look, so that a new start misses nobody; gives up after four
// seconds. Nothing for null.
void write_today(SqliteHostDays* days);

}  // namespace weir
