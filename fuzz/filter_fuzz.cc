// SPDX-License-Identifier: GPL-3.0-or-later
// Filter::parse() on any text, for each kind of row. Input: one byte, the entity, then the text. An
// error names a column of the text or the one behind it; a filter that parses gives the same answer
// for a row each time, and the opposite when negated. As a condition of SQL it has a question
// mark for each value and nothing else of the text. A finding becomes a unit test.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "property.h"
#include "query/filter.h"
#include "query/filter_sql.h"

namespace {

using namespace weir;

using weir::fuzz::require;

// A row with something of each type, and with every third field unknown.
FieldValue field_of(Entity entity, uint8_t index) {
  require(index < fields_of(entity).size(), "a filter asks for fields that are there");
  if (index % 3 == 2) return {};
  switch (fields_of(entity)[index].type) {
    case FieldType::kUint:
      return uint64_t{443};
    case FieldType::kFloat:
      return 2.5;
    case FieldType::kIp:
      return *IpAddress::parse("10.0.0.1");
    case FieldType::kMac:
      return MacAddress{{2, 0, 0, 0, 0, 1}};
    case FieldType::kBool:
      return true;
    case FieldType::kTime:
      return Timestamp{1000, 500'000'000};
    case FieldType::kUintList: {
      VlanTags vlan;
      vlan.push(100);
      vlan.push(20);
      return vlan;
    }
    default:
      return std::string_view("ababc");
  }
}

bool holds_for_row(const Filter& filter, Entity entity) {
  return filter.matches([&](uint8_t index) { return field_of(entity, index); });
}

// A table with all fields, each in a column called c.
const SqlTable& table_of(Entity entity) {
  static std::array<std::unique_ptr<const SqlTable>, static_cast<size_t>(Entity::kCount)> tables;
  auto& table = tables[static_cast<size_t>(entity)];
  if (table == nullptr) {
    std::vector<SqlColumn> columns;
    for (const FieldInfo& field : fields_of(entity)) {
      if (field.filterable) columns.push_back({field.name, "c", "c"});
    }
    table = std::make_unique<SqlTable>(entity, columns);
  }
  return *table;
}

void check_sql(const Filter& filter, Entity entity) {
  const auto condition = to_sql(filter, table_of(entity));
  if (!condition) return;
  // Of the program's own words.
  static constexpr std::string_view kOther = " ()?,.=<>1_'[]*%";
  size_t question_marks = 0;
  size_t open = 0;
  for (const char c : condition->text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '0' || c == '5';
    require(is_letter || kOther.find(c) != std::string_view::npos, "nothing of a filter is in SQL");
    question_marks += c == '?' ? 1 : 0;
    open += c == '(' ? 1 : 0;
    require(c != ')' || open-- > 0, "parentheses are closed that were opened");
  }
  require(open == 0, "parentheses are closed");
  require(question_marks == condition->values.size(), "each value has its question mark");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto entity = static_cast<Entity>(data[0] % static_cast<uint8_t>(Entity::kCount));
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto filter = Filter::parse(text, entity);
  if (!filter) {
    const int column = filter.error().column;
    require(column >= 1 && static_cast<size_t>(column) <= text.size() + 1,
            "an error lies in the text");
    require(!filter.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  const bool answer = holds_for_row(*filter, entity);
  require(answer == holds_for_row(*filter, entity), "a filter answers the same twice");
  check_sql(*filter, entity);
  const auto negated = Filter::parse("not (" + text + ")", entity);
  if (negated) require(holds_for_row(*negated, entity) != answer, "not turns the answer round");
  return 0;
}
