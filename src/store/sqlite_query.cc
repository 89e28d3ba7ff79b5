// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite_query.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace weir {
namespace {

Error error_of(sqlite3* database) {
  return {sqlite3_errmsg(database), sqlite3_extended_errcode(database)};
}

}  // namespace

void SqliteCloser::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<SqliteDatabase> open_sqlite(const std::string& file, const char* schema) {
  sqlite3* opened = nullptr;
  const int status =
      sqlite3_open_v2(file.empty() ? ":memory:" : file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteDatabase database(opened);
  if (status != SQLITE_OK) return error_of(database.get()).in(file);
  // Another connection's commit is waited for.
  sqlite3_busy_timeout(database.get(), 5000);
  if (auto made = run_sqlite(database.get(), schema); !made.ok()) return made.error().in(file);
  return database;
}

Result<void> run_sqlite(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return error_of(database);
}

Result<SqliteQuery> SqliteQuery::make(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int status =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (status != SQLITE_OK) return error_of(database);
  return SqliteQuery(statement);
}

SqliteQuery::~SqliteQuery() {
  sqlite3_finalize(statement_);
}

void SqliteQuery::bind(int index, int64_t number) {
  sqlite3_bind_int64(statement_, index, number);
}
void SqliteQuery::bind(int index, double number) {
  sqlite3_bind_double(statement_, index, number);
}
void SqliteQuery::bind(int index, std::string_view text) {
  sqlite3_bind_text64(statement_, index, text.empty() ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
}
void SqliteQuery::bind(int index, const SqlBlob& blob) {
  sqlite3_bind_blob64(statement_, index, blob.bytes.data(), blob.bytes.size(), SQLITE_TRANSIENT);
}
void SqliteQuery::bind(int index, const SqlValue& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    bind(index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bind(index, std::string_view(*text));
  } else {
    bind(index, std::get<SqlBlob>(value));
  }
}
void SqliteQuery::bind_null(int index) {
  sqlite3_bind_null(statement_, index);
}

Result<bool> SqliteQuery::step() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return error_of(sqlite3_db_handle(statement_));
}

Result<void> SqliteQuery::run() {
  const auto row = step();
  reset();
  if (!row.ok()) return row.error();
  return {};
}

void SqliteQuery::reset() {
  sqlite3_reset(statement_);
}

bool SqliteQuery::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
bool SqliteQuery::is_whole(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_INTEGER;
}
bool SqliteQuery::is_text(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_TEXT;
}
int64_t SqliteQuery::whole(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double SqliteQuery::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
std::string SqliteQuery::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

}  // namespace weir
