// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "query/questions.h"
#include "store/sqlite_query.h"

namespace weir {

// Answers from the tables of host_day_table.h; see HostDays. Owner: that of the connection.
[[nodiscard]] Answer list_days(sqlite3* database);
[[nodiscard]] Answer list_hosts_of_day(sqlite3* database, std::string_view day,
                                       const ListRequest& request, size_t max_rows, double time);

}  // namespace weir
