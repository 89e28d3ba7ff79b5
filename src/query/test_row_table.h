// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/value.h"
#include "query/filter_sql.h"
#include "record/field_value.h"
#include "record/fields.gen.h"

// Rows of an entity in a table of SQLite in memory, for tests of conditions.
namespace weir::test_row_table {

using Row = std::vector<FieldValue>;  // by the index of the field

inline bool is_json(FieldType type) {
  return type == FieldType::kUintList || type == FieldType::kUints || type == FieldType::kStrings;
}

// All fields that can be filtered by, each in a column of its name; an address has its text beside
// it.
inline std::vector<SqlColumn> all_columns(Entity entity) {
  std::vector<SqlColumn> columns;
  for (const FieldInfo& field : fields_of(entity)) {
    if (!field.filterable) continue;
    const std::string name = '"' + std::string(field.name) + '"';
    const std::string text = '"' + std::string(field.name) + "_text\"";
    columns.push_back({field.name, name, field.type == FieldType::kIp ? text : ""});
  }
  return columns;
}

class RowTable {
 public:
  explicit RowTable(Entity entity) : columns_(all_columns(entity)), table_(entity, columns_) {
    sqlite3* opened = nullptr;
    EXPECT_EQ(sqlite3_open(":memory:", &opened), SQLITE_OK);
    database_.reset(opened);
    std::string names = "number INTEGER PRIMARY KEY";
    for (const SqlColumn& column : columns_) {
      names += ", " + column.expression;
      if (!column.text.empty()) names += ", " + column.text;
    }
    execute("CREATE TABLE row(" + names + ")");
  }

  [[nodiscard]] const SqlTable& table() const { return table_; }

  void add(const Row& row) {
    std::string places = "?1";
    std::vector<std::pair<FieldType, const FieldValue*>> bound;
    const auto fields = fields_of(table_.entity());
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!fields[i].filterable) continue;
      bound.emplace_back(fields[i].type, &row[i]);
      if (fields[i].type == FieldType::kIp) bound.emplace_back(FieldType::kString, &row[i]);
    }
    for (size_t i = 0; i < bound.size(); ++i) places += ", ?" + std::to_string(i + 2);
    sqlite3_stmt* statement = prepare("INSERT INTO row VALUES(" + places + ")");
    sqlite3_bind_int64(statement, 1, count_++);
    for (size_t i = 0; i < bound.size(); ++i)
      bind(statement, static_cast<int>(i) + 2, bound[i].first, *bound[i].second);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_DONE) << sqlite3_errmsg(database_.get());
    sqlite3_finalize(statement);
  }

  // The numbers of the rows for which the condition holds.
  [[nodiscard]] std::vector<size_t> rows_where(const SqlCondition& condition) {
    std::vector<size_t> found;
    sqlite3_stmt* statement =
        prepare("SELECT number FROM row WHERE " + condition.text + " ORDER BY number");
    EXPECT_EQ(sqlite3_bind_parameter_count(statement), static_cast<int>(condition.values.size()));
    for (size_t i = 0; i < condition.values.size(); ++i)
      bind(statement, static_cast<int>(i) + 1, condition.values[i]);
    int status = sqlite3_step(statement);
    for (; status == SQLITE_ROW; status = sqlite3_step(statement))
      found.push_back(static_cast<size_t>(sqlite3_column_int64(statement, 0)));
    EXPECT_EQ(status, SQLITE_DONE) << sqlite3_errmsg(database_.get()) << "\n" << condition.text;
    sqlite3_finalize(statement);
    return found;
  }

  // How many rows and tables there are: for those who try to change it.
  [[nodiscard]] std::pair<int64_t, int64_t> sizes() {
    return {number("SELECT count(*) FROM row"), number("SELECT count(*) FROM sqlite_master")};
  }

 private:
  struct Closer {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };

  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                 &statement, &rest),
              SQLITE_OK)
        << sqlite3_errmsg(database_.get()) << "\n"
        << sql;
    EXPECT_TRUE(rest == nullptr || *rest == '\0') << "more than one statement: " << sql;
    return statement;
  }
  void execute(const std::string& sql) {
    EXPECT_EQ(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_.get());
  }
  int64_t number(const std::string& sql) {
    sqlite3_stmt* statement = prepare(sql);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const int64_t found = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return found;
  }

  static void bind_text(sqlite3_stmt* statement, int place, const std::string& text) {
    sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  static void bind_bytes(sqlite3_stmt* statement, int place, const void* data, size_t size) {
    sqlite3_bind_blob64(statement, place, data, size, SQLITE_TRANSIENT);
  }
  static void bind(sqlite3_stmt* statement, int place, const SqlValue& value) {
    if (const auto* number = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, place, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      bind_text(statement, place, *text);
    } else {
      const std::string& bytes = std::get<SqlBlob>(value).bytes;
      bind_bytes(statement, place, bytes.data(), bytes.size());
    }
  }
  static void bind(sqlite3_stmt* statement, int place, FieldType type, const FieldValue& value) {
    if (std::holds_alternative<std::monostate>(value)) return;
    const auto* address = std::get_if<IpAddress>(&value);
    if (is_json(type)) {
      bind_text(statement, place, to_json(to_value(value)));
    } else if (const auto* natural = std::get_if<uint64_t>(&value)) {
      sqlite3_bind_int64(statement, place, static_cast<int64_t>(*natural));
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, place, *real);
    } else if (const auto* boolean = std::get_if<bool>(&value)) {
      sqlite3_bind_int(statement, place, *boolean ? 1 : 0);
    } else if (const auto* time = std::get_if<Timestamp>(&value)) {
      sqlite3_bind_double(statement, place, time->as_seconds());
    } else if (address != nullptr && type == FieldType::kIp) {
      bind_bytes(statement, place, address->bytes().data(), address->bytes().size());
    } else {
      bind_text(statement, place, to_text(value));
    }
  }

  std::vector<SqlColumn> columns_;
  SqlTable table_;
  std::unique_ptr<sqlite3, Closer> database_;
  int64_t count_ = 0;
};

}  // namespace weir::test_row_table
