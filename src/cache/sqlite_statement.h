// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace weir {

// One prepared statement, used again and again. Owner: whoever holds the lock of its connection.
class SqliteStatement {
 public:
  // REQUIRES: `sql` is right for the tables there are; a mistake is one of the program.
  SqliteStatement(sqlite3* database, const char* sql);
  ~SqliteStatement();
  SqliteStatement(SqliteStatement&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)) {}
  SqliteStatement& operator=(SqliteStatement&&) = delete;

  // Parameters are numbered from 1 as they stand in the statement. Text is any bytes and must stay
  // until reset().
  SqliteStatement& bind(int index, std::string_view bytes);
  SqliteStatement& bind(int index, int64_t number);

  // SQLITE_ROW, SQLITE_DONE or an error.
  int step();
  // Runs a statement that gives no rows, and resets it. SQLITE_DONE or an error.
  int run();
  [[nodiscard]] std::string bytes(int column) const;
  [[nodiscard]] int64_t number(int column) const;
  void reset();

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace weir
