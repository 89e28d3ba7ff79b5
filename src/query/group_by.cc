// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/group_by.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::string_view kCountName = "count";
// Of a key: a view and a string of the same text are the same.
constexpr uint64_t kTextTag = 0xff;

QueryError bad(std::string parameter, std::string message) {
  return {QueryError::Kind::kBadParameter, std::move(parameter), std::move(message), 0};
}

bool makes_groups(const FieldInfo& field) {
  const bool is_decimal = field.type == FieldType::kFloat || field.type == FieldType::kTime;
  return field.filterable && !is_decimal && field.unit == Unit::kNone;
}

bool is_added_up(const FieldInfo& field) {
  if (field.name == "transactions" || field.name == "first_seen" || field.name == "last_seen")
    return true;
  switch (field.unit) {
    case Unit::kPackets:
    case Unit::kBytes:
    case Unit::kFlows:
    case Unit::kBitsPerSecond:
    case Unit::kPacketsPerSecond:
      return field.type == FieldType::kUint;
    default:
      return false;
  }
}

std::optional<uint8_t> field_named(Entity entity, std::string_view name) {
  const auto fields = fields_of(entity);
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return static_cast<uint8_t>(i);
  }
  return std::nullopt;
}

bool holds(const std::vector<uint8_t>& fields, uint8_t field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

class Planner {
 public:
  Planner(const ListRequest& request, Entity entity) : request_(request) { plan_.entity = entity; }

  Result<GroupPlan, QueryError> plan(std::string_view default_sort, size_t max_rows,
                                     const std::function<bool(uint8_t)>& is_costly) {
    ListRequest rows = request_;
    rows.group_by.clear();
    rows.columns.clear();
    rows.sort = default_sort;
    auto list = plan_list(rows, plan_.entity, default_sort, max_rows);
    if (!list) return list.error();
    plan_.list = *std::move(list);
    plan_.list.columns.clear();
    if (auto problem = read_keys()) return *problem;
    if (auto problem = read_columns(is_costly)) return *problem;
    if (auto problem = read_sort(default_sort)) return *problem;
    return std::move(plan_);
  }

 private:
  using Problem = std::optional<QueryError>;

  Problem read_keys() {
    if (request_.group_by.size() > GroupPlan::kMaxKeys)
      return bad("group_by", fmt::format("at most {} fields", GroupPlan::kMaxKeys));
    for (const std::string& name : request_.group_by) {
      const auto field = field_named(plan_.entity, name);
      if (!field) return bad("group_by", fmt::format("there is no field \"{}\"", name));
      if (!makes_groups(fields_of(plan_.entity)[*field]))
        return bad("group_by", fmt::format("\"{}\" makes no groups", name));
      if (holds(plan_.keys, *field))
        return bad("group_by", fmt::format("\"{}\" is there twice", name));
      plan_.keys.push_back(*field);
    }
    return std::nullopt;
  }

  Problem read_columns(const std::function<bool(uint8_t)>& is_costly) {
    for (const std::string& name : request_.columns) {
      const auto column = column_named(name);
      if (!column) return bad("columns", no_column(name));
      use(*column);
      plan_.columns.push_back(*column);
    }
    if (!plan_.columns.empty()) return std::nullopt;
    plan_.columns = plan_.keys;
    plan_.columns.push_back(GroupPlan::kCount);
    const auto fields = fields_of(plan_.entity);
    for (size_t i = 0; i < fields.size(); ++i) {
      const auto field = static_cast<uint8_t>(i);
      if (!is_added_up(fields[i]) || is_costly(field)) continue;
      use(field);
      plan_.columns.push_back(field);
    }
    return std::nullopt;
  }

  Problem read_sort(std::string_view default_sort) {
    const std::string_view name = request_.sort.empty() ? default_sort : request_.sort;
    const auto column = column_named(name);
    if (!column) return bad("sort", no_column(name));
    use(*column);
    plan_.sort = *column;
    return std::nullopt;
  }

  [[nodiscard]] std::optional<uint8_t> column_named(std::string_view name) const {
    if (name == kCountName) return GroupPlan::kCount;
    const auto field = field_named(plan_.entity, name);
    const bool is_there =
        field && (holds(plan_.keys, *field) || is_added_up(fields_of(plan_.entity)[*field]));
    return is_there ? field : std::nullopt;
  }
  static std::string no_column(std::string_view name) {
    return fmt::format(
        "groups have no \"{}\": there are the fields of group_by, \"count\" and counters", name);
  }
  void use(uint8_t column) {
    if (column != GroupPlan::kCount && !holds(plan_.keys, column) && !holds(plan_.sums, column))
      plan_.sums.push_back(column);
  }

  const ListRequest& request_;
  GroupPlan plan_;
};

void append_bytes(std::vector<uint64_t>& words, const void* data, size_t size) {
  words.push_back(size);
  const auto* bytes = static_cast<const char*>(data);
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes + at, std::min(sizeof(word), size - at));
    words.push_back(word);
  }
}

}  // namespace

Result<GroupPlan, QueryError> plan_groups(const ListRequest& request, Entity entity,
                                          std::string_view default_sort, size_t max_rows,
                                          const std::function<bool(uint8_t)>& is_costly) {
  return Planner(request, entity).plan(default_sort, max_rows, is_costly);
}

RowGroups::RowGroups(const GroupPlan& plan, const KeyedHash& hash, size_t max_groups)
    : plan_(plan), max_groups_(max_groups), index_(0, Hash{hash}) {
  other_.sums.resize(plan.sums.size());
}

void RowGroups::append_key(const FieldValue& value) {
  key_.push_back(value.index());
  if (std::holds_alternative<std::monostate>(value)) return;
  if (const auto* natural = std::get_if<uint64_t>(&value)) return key_.push_back(*natural);
  if (const auto* address = std::get_if<IpAddress>(&value))
    return append_bytes(key_, address->bytes().data(), address->bytes().size());
  if (std::holds_alternative<std::string_view>(value) ||
      std::holds_alternative<std::string>(value)) {
    const std::string_view text = text_of(value);
    key_.back() = kTextTag;
    return append_bytes(key_, text.data(), text.size());
  }
  const std::string text = to_text(value);
  append_bytes(key_, text.data(), text.size());
}

RowGroups::Group* RowGroups::find() {
  const auto found = index_.find(key_);
  if (found != index_.end()) return &groups_[found->second];
  return nullptr;
}

RowGroups::Group* RowGroups::create() {
  if (groups_.size() >= max_groups_) return &other_;
  index_.emplace(key_, groups_.size());
  Group& made = groups_.emplace_back();
  made.sums.resize(plan_.sums.size());
  return &made;
}

void RowGroups::keep_key(Group& group, const FieldValue& value) const {
  if (&group == &other_) return;
  // The row goes, and what its views point to with it.
  const auto* view = std::get_if<std::string_view>(&value);
  group.keys.push_back(view != nullptr ? FieldValue(std::string(*view)) : value);
}

void RowGroups::add_to(FieldValue& sum, uint8_t field, const FieldValue& value) const {
  if (std::holds_alternative<std::monostate>(value)) return;
  if (std::holds_alternative<std::monostate>(sum)) {
    sum = value;
    return;
  }
  if (auto* natural = std::get_if<uint64_t>(&sum)) {
    *natural += std::get<uint64_t>(value);
    return;
  }
  const bool is_first = fields_of(plan_.entity)[field].name == "first_seen";
  auto& time = std::get<Timestamp>(sum);
  const auto& other = std::get<Timestamp>(value);
  time = is_first ? std::min(time, other) : std::max(time, other);
}

FieldValue RowGroups::value_of(const Group& group, uint8_t column) const {
  if (column == GroupPlan::kCount) return group.count;
  for (size_t i = 0; i < group.keys.size(); ++i) {
    if (plan_.keys[i] == column) return group.keys[i];
  }
  for (size_t i = 0; i < plan_.sums.size(); ++i) {
    if (plan_.sums[i] == column) return group.sums[i];
  }
  return {};
}

Value RowGroups::row_of(const Group& group) const {
  Value row{Value::Object{}};
  for (const uint8_t column : plan_.columns) {
    const FieldValue value = value_of(group, column);
    if (std::holds_alternative<std::monostate>(value)) continue;
    row.set(name_of(column), to_value(value));
  }
  return row;
}

std::string_view RowGroups::name_of(uint8_t column) const {
  return column == GroupPlan::kCount ? kCountName : fields_of(plan_.entity)[column].name;
}

Value RowGroups::answer(double time) const {
  TopRows<const Group*> top(plan_.list);
  for (const Group& group : groups_) top.offer(value_of(group, plan_.sort), &group);
  Value::Array rows;
  for (const Group* group : top.take_page()) rows.push_back(row_of(*group));
  Value answer = list_answer(time, top.offered(), plan_.list.offset, std::move(rows));
  if (other_.count > 0) answer.set("other", row_of(other_));
  if (plan_.list.has_column_names) {
    Value::Array names;
    for (const uint8_t column : plan_.columns) names.emplace_back(name_of(column));
    answer.set("columns", std::move(names));
  }
  return answer;
}

}  // namespace weir
