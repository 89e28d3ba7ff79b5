// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "query/filter_sql.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weir {

struct SqliteCloser {
  void operator()(sqlite3* database) const;
};
// A connection. Owner: one thread at a time.
using SqliteDatabase = std::unique_ptr<sqlite3, SqliteCloser>;

// A file that is made when it is not there; "" is memory of its own. `schema` is run. Error: the
// file cannot be made, or is something else.
[[nodiscard]] Result<SqliteDatabase> open_sqlite(const std::string& file, const char* schema);
[[nodiscard]] Result<void> run_sqlite(sqlite3* database, const std::string& sql);

// One statement of a connection. Values are copied. Owner: that of the connection.
class SqliteQuery {
 public:
  // Error: what the database says of it.
  static Result<SqliteQuery> make(sqlite3* database, const std::string& sql);
  ~SqliteQuery();
  SqliteQuery(SqliteQuery&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)) {}
  SqliteQuery& operator=(SqliteQuery&&) = delete;

  // Parameters are numbered from 1.
  void bind(int index, int64_t number);
  void bind(int index, double number);
  void bind(int index, std::string_view text);
  void bind(int index, const SqlBlob& blob);
  void bind(int index, const SqlValue& value);
  void bind_null(int index);

  // Whether there is a row. Error: what the database says.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that gives no rows, and makes it ready for the next time.
  [[nodiscard]] Result<void> run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] bool is_whole(int column) const;  // else a decimal, text or bytes
  [[nodiscard]] bool is_text(int column) const;
  [[nodiscard]] int64_t whole(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string bytes(int column) const;

 private:
  explicit SqliteQuery(sqlite3_stmt* statement) : statement_(statement) {}

  sqlite3_stmt* statement_;
};

}  // namespace weir
