// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/filter_sql.h"
#include "record/host_record.h"
#include "store/sqlite_query.h"

namespace weir {

// The tables of the hosts of days: host_day has a row for each host of each interface on each day,
// day one for each day, and the view host shows the fields of hosts.
[[nodiscard]] const std::string& host_day_schema();
// How the view keeps the fields of hosts, in the order in which lists show them.
[[nodiscard]] const std::vector<SqlColumn>& host_day_columns();

// Writes rows of host_day. Owner: that of the connection.
class HostDayWriter {
 public:
  static Result<HostDayWriter> make(sqlite3* database);

  // Whether the host was not there on that day yet. One that was gets its new figures; when it was
  // forgotten meanwhile and has a new life, what it had before is added to them.
  [[nodiscard]] Result<bool> write(std::string_view day, std::string_view interface,
                                   const HostRecord& host);

 private:
  HostDayWriter(SqliteQuery insert, SqliteQuery update)
      : insert_(std::move(insert)), update_(std::move(update)) {}
  static void bind(SqliteQuery& query, std::string_view day, std::string_view interface,
                   const HostRecord& host);

  SqliteQuery insert_;
  SqliteQuery update_;
};

}  // namespace weir
