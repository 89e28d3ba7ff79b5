// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/list_query.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace weir {
namespace {

QueryError bad(std::string parameter, std::string message) {
  return {QueryError::Kind::kBadParameter, std::move(parameter), std::move(message), 0};
}

std::optional<uint8_t> field_index(Entity entity, std::string_view name) {
  const auto fields = fields_of(entity);
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<uint8_t>(i);
  }
  return std::nullopt;
}

// Addresses are text in a row and addresses to a filter.
FieldValue field_of_value(const Value& value, FieldType type) {
  if (const auto* natural = value.as<uint64_t>()) return *natural;
  if (const auto* integer = value.as<int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = value.as<double>()) return *real;
  if (const auto* boolean = value.as<bool>()) return *boolean;
  const auto* text = value.as<std::string>();
  if (text == nullptr) return {};
  if (type == FieldType::kIp) {
    if (const auto address = IpAddress::parse(*text)) return *address;
  }
  return std::string_view(*text);
}

FieldValue field_of_row(const Value& row, const FieldInfo& field) {
  return field_of_value(row[field.name], field.type);
}

// What a host's flows were takes more than all else of it: a list has that when it is asked for.
std::vector<uint8_t> usual_columns(Entity entity) {
  const auto fields = fields_of(entity);
  std::vector<uint8_t> columns;
  for (size_t i = 0; i < fields.size(); ++i) {
    const FieldType type = fields[i].type;
    const bool is_nested = type == FieldType::kObject || type == FieldType::kObjectList;
    if (entity != Entity::kHost || !is_nested) columns.push_back(static_cast<uint8_t>(i));
  }
  return columns;
}

}  // namespace

Result<ListPlan, QueryError> plan_list(const ListRequest& request, Entity entity,
                                       std::string_view default_sort, size_t max_rows) {
  ListPlan plan;
  if (!request.group_by.empty()) return bad("group_by", "this list is not put in groups");
  auto filter = Filter::parse(request.filter, entity);
  if (!filter) return filter.error();
  auto where = Filter::parse(request.where, entity);
  if (!where) return bad("where", where.error().message);
  plan.filter = Filter::both(*std::move(where), *filter);

  const std::string_view sort =
      request.sort.empty() ? default_sort : std::string_view(request.sort);
  const auto sort_field = field_index(entity, sort);
  if (!sort_field) return bad("sort", fmt::format("there is no field \"{}\"", sort));
  if (!fields_of(entity)[*sort_field].sortable)
    return bad("sort", fmt::format("\"{}\" has no order", sort));
  plan.sort_field = *sort_field;
  plan.descending = request.descending;

  if (request.limit > max_rows)
    return bad("limit", fmt::format("at most {} rows at a time", max_rows));
  // Rows before the window are only compared, which takes a tenth of the memory.
  const size_t max_offset = std::min(10 * max_rows, ListRequest::kMaxLimit);
  if (request.offset > max_offset)
    return bad("offset", fmt::format("at most {}; use a filter", max_offset));
  plan.offset = request.offset;
  plan.limit = request.limit;

  for (const std::string& name : request.columns) {
    const auto column = field_index(entity, name);
    if (!column) return bad("columns", fmt::format("there is no field \"{}\"", name));
    plan.columns.push_back(*column);
  }
  if (plan.columns.empty()) plan.columns = usual_columns(entity);
  plan.has_column_names = request.has_column_names;
  return plan;
}

Value list_answer(double time, size_t total, size_t offset, Value::Array rows) {
  Value answer;
  answer.set("time", time);
  answer.set("total", uint64_t{total});
  answer.set("offset", uint64_t{offset});
  answer.set("rows", std::move(rows));
  return answer;
}

Value list_answer(const ListPlan& plan, Entity entity, double time, size_t total,
                  Value::Array rows) {
  Value answer = list_answer(time, total, plan.offset, std::move(rows));
  if (!plan.has_column_names) return answer;
  Value::Array names;
  for (const uint8_t column : plan.columns) names.emplace_back(fields_of(entity)[column].name);
  answer.set("columns", std::move(names));
  return answer;
}

Value list_values(const ListPlan& plan, Entity entity, double time, const Value::Array& rows) {
  const auto fields = fields_of(entity);
  TopRows<const Value*> top(plan);
  for (const Value& row : rows) {
    if (plan.filter.matches([&](uint8_t field) { return field_of_row(row, fields[field]); })) {
      top.offer(field_of_row(row, fields[plan.sort_field]), &row);
    }
  }
  Value::Array page;
  for (const Value* row : top.take_page()) {
    Value chosen{Value::Object{}};
    for (const uint8_t column : plan.columns) {
      const Value& value = (*row)[fields[column].name];
      if (!value.is_null()) chosen.set(fields[column].name, value);
    }
    page.push_back(std::move(chosen));
  }
  return list_answer(plan, entity, time, top.offered(), std::move(page));
}

}  // namespace weir
