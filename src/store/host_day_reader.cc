// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/host_day_reader.h"

#include <charconv>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "query/list_query.h"
#include "store/host_day_table.h"
#include "store/local_day.h"

namespace weir {
namespace {

const SqlTable& table() {
  static const SqlTable kTable(Entity::kHost, host_day_columns());
  return kTable;
}

QueryError bad(std::string parameter, std::string message) {
  return {QueryError::Kind::kBadParameter, std::move(parameter), std::move(message), 0};
}
QueryError failed(const Error& error) {
  return bad("", "the days cannot be read: " + error.message);
}

// "[100,20]", as it was written.
Value numbers_in(std::string_view text) {
  Value::Array numbers;
  for (size_t at = 0; at < text.size(); ++at) {
    uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error != std::errc()) continue;
    numbers.emplace_back(number);
    at = static_cast<size_t>(end - text.data());
  }
  return numbers;
}

std::string address_text(const std::string& bytes) {
  IpAddress::Bytes raw{};
  if (bytes.size() != raw.size()) return {};
  std::memcpy(raw.data(), bytes.data(), raw.size());
  return IpAddress(raw).to_string();
}

Value value_at(const SqliteQuery& query, int column, FieldType type) {
  if (query.is_null(column)) return {};
  if (type == FieldType::kIp) return address_text(query.bytes(column));
  if (type == FieldType::kUintList) return numbers_in(query.bytes(column));
  if (query.is_text(column)) return query.bytes(column);
  if (query.is_whole(column)) return static_cast<uint64_t>(query.whole(column));
  return query.real(column);
}

// A list of hosts of one day, as a question to the database.
class HostQuestion {
 public:
  HostQuestion(std::string_view day, std::string_view interface)
      : day_(day), interface_(interface) {}

  Result<void, QueryError> plan(const ListRequest& request, size_t max_rows) {
    ListRequest rows = request;
    rows.interface.clear();
    auto list = plan_list(rows, Entity::kHost, "bytes", max_rows);
    if (!list) return list.error();
    plan_ = *std::move(list);
    auto condition = to_sql(plan_.filter, table());
    if (!condition) return condition.error();
    condition_ = *std::move(condition);
    if (table().column(plan_.sort_field) == nullptr) return not_kept("sort", plan_.sort_field);
    if (request.columns.empty()) std::erase_if(plan_.columns, is_unkept);
    for (const uint8_t column : plan_.columns) {
      if (is_unkept(column)) return not_kept("columns", column);
    }
    return {};
  }

  Result<uint64_t> count(sqlite3* database) {
    auto query = SqliteQuery::make(database, "SELECT count(*) FROM host WHERE " + where());
    if (!query.ok()) return query.error();
    bind(*query);
    const auto row = query->step();
    if (!row.ok()) return row.error();
    return static_cast<uint64_t>(query->whole(0));
  }

  Result<Value::Array> rows(sqlite3* database) {
    auto query = SqliteQuery::make(
        database, fmt::format("SELECT {} FROM host WHERE {} ORDER BY {} {}, key LIMIT ? OFFSET ?",
                              selected(), where(), order(), plan_.descending ? "DESC" : "ASC"));
    if (!query.ok()) return query.error();
    const int bound = bind(*query);
    query->bind(bound + 1, static_cast<int64_t>(plan_.limit));
    query->bind(bound + 2, static_cast<int64_t>(plan_.offset));
    Value::Array found;
    for (;;) {
      const auto row = query->step();
      if (!row.ok()) return row.error();
      if (!*row) return found;
      found.push_back(row_of(*query));
    }
  }

  [[nodiscard]] const ListPlan& plan() const { return plan_; }

 private:
  static bool is_unkept(uint8_t field) { return table().column(field) == nullptr; }
  static QueryError not_kept(std::string parameter, uint8_t field) {
    return bad(std::move(parameter),
               fmt::format("\"{}\" is not kept for days", kHostFields[field].name));
  }

  [[nodiscard]] std::string where() const {
    return fmt::format("day = ? {} AND {}", interface_.empty() ? "" : "AND interface = ?",
                       condition_.text);
  }
  // How many parameters that were.
  int bind(SqliteQuery& query) const {
    int index = 0;
    query.bind(++index, day_);
    if (!interface_.empty()) query.bind(++index, interface_);
    for (const SqlValue& value : condition_.values) query.bind(++index, value);
    return index;
  }
  // Without a column there is still a row.
  [[nodiscard]] std::string selected() const {
    std::string text = "1";
    for (const uint8_t column : plan_.columns) text += ", " + table().column(column)->expression;
    return text;
  }
  [[nodiscard]] std::string order() const {
    const FieldType type = kHostFields[plan_.sort_field].type;
    const std::string& expression = table().column(plan_.sort_field)->expression;
    return type == FieldType::kString ? fmt::format("lower({})", expression) : expression;
  }
  [[nodiscard]] Value row_of(const SqliteQuery& query) const {
    Value row{Value::Object{}};
    for (size_t i = 0; i < plan_.columns.size(); ++i) {
      const FieldInfo& field = kHostFields[plan_.columns[i]];
      Value value = value_at(query, static_cast<int>(i) + 1, field.type);
      if (!value.is_null()) row.set(field.name, std::move(value));
    }
    return row;
  }

  std::string_view day_;
  std::string_view interface_;
  ListPlan plan_;
  SqlCondition condition_;
};

Result<bool> has_day(sqlite3* database, std::string_view day) {
  auto query = SqliteQuery::make(database, "SELECT 1 FROM day WHERE day = ?");
  if (!query.ok()) return query.error();
  query->bind(1, day);
  return query->step();
}

}  // namespace

Answer list_days(sqlite3* database) {
  auto query =
      SqliteQuery::make(database, "SELECT day, hosts, complete FROM day ORDER BY day DESC");
  if (!query.ok()) return failed(query.error());
  Value::Array rows;
  for (;;) {
    const auto row = query->step();
    if (!row.ok()) return failed(row.error());
    if (!*row) break;
    rows.emplace_back(Value::Object{{"day", query->bytes(0)},
                                    {"hosts", static_cast<uint64_t>(query->whole(1))},
                                    {"complete", query->whole(2) != 0}});
  }
  const uint64_t total = rows.size();
  return Value(Value::Object{{"rows", std::move(rows)}, {"total", total}});
}

Answer list_hosts_of_day(sqlite3* database, std::string_view day, const ListRequest& request,
                         size_t max_rows, double time) {
  if (!is_day_name(day)) return bad("day", fmt::format("\"{}\" is no day: 2026-11-28", day));
  HostQuestion question(day, request.interface);
  if (auto planned = question.plan(request, max_rows); !planned.ok()) return planned.error();
  const auto is_there = has_day(database, day);
  if (!is_there.ok()) return failed(is_there.error());
  if (!*is_there)
    return QueryError{QueryError::Kind::kNotFound, "day", fmt::format("nothing is kept of {}", day),
                      0};
  const auto total = question.count(database);
  if (!total.ok()) return failed(total.error());
  auto rows = question.rows(database);
  if (!rows.ok()) return failed(rows.error());
  return list_answer(question.plan(), Entity::kHost, time, *total, *std::move(rows));
}

}  // namespace weir
