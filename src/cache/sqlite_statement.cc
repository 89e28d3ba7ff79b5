// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/sqlite_statement.h"

#include <cassert>

#include <sqlite3.h>

namespace weir {

SqliteStatement::SqliteStatement(sqlite3* database, const char* sql) {
  [[maybe_unused]] const int status =
      sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  assert(status == SQLITE_OK);
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(statement_);
}

SqliteStatement& SqliteStatement::bind(int index, std::string_view bytes) {
  // A null pointer would bind NULL.
  sqlite3_bind_blob64(statement_, index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int index, int64_t number) {
  sqlite3_bind_int64(statement_, index, number);
  return *this;
}

int SqliteStatement::step() {
  return sqlite3_step(statement_);
}

int SqliteStatement::run() {
  const int status = step();
  reset();
  return status;
}

std::string SqliteStatement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

int64_t SqliteStatement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

}  // namespace weir
