// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter_sql.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "query/filter_lexer.h"

namespace weir {
namespace {

using Node = Filter::Node;

constexpr std::string_view kFalse = "(1 = 0)";
constexpr std::string_view kTrue = "(1 = 1)";

// A balanced tree of parentheses: databases take expressions some hundred levels deep.
std::string joined(std::span<const std::string> parts, std::string_view op) {
  if (parts.size() == 1) return parts.front();
  const size_t half = parts.size() / 2;
  return fmt::format("({} {} {})", joined(parts.first(half), op), op,
                     joined(parts.subspan(half), op));
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), ascii_lower);
  return copy;
}

// A pattern of GLOB that takes nothing but `*` for special.
std::string glob(std::string_view pattern) {
  std::string escaped;
  for (const char c : pattern) {
    if (c == '?' || c == '[') {
      escaped.append("[").append(1, c).append("]");
    } else {
      escaped += ascii_lower(c);
    }
  }
  return escaped;
}

SqlBlob blob(const IpAddress::Bytes& bytes) {
  return {std::string(bytes.begin(), bytes.end())};
}

// The last address of a prefix; the first is its own.
IpAddress::Bytes last_of(const Prefix& prefix) {
  IpAddress::Bytes bytes = prefix.address().bytes();
  const unsigned bits = prefix.address().is_v4() ? 96 + prefix.length() : prefix.length();
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned kept = bits > 8 * i ? std::min(8U, bits - 8 * i) : 0;
    bytes[i] |= static_cast<uint8_t>(0xffU >> kept);
  }
  return bytes;
}

std::string_view sign_of(FilterOperator op) {
  switch (op) {
    case FilterOperator::kLess:
      return "<";
    case FilterOperator::kLessOrEqual:
      return "<=";
    case FilterOperator::kGreater:
      return ">";
    case FilterOperator::kGreaterOrEqual:
      return ">=";
    default:
      return "=";
  }
}

// "?, ?, ?"
std::string question_marks(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text;
}

bool is_list(FieldType type) {
  return type == FieldType::kUintList || type == FieldType::kUints || type == FieldType::kStrings ||
         type == FieldType::kStringList;
}

class Writer {
 public:
  Writer(std::span<const Node> nodes, const SqlTable& table) : nodes_(nodes), table_(table) {}

  Result<SqlCondition, QueryError> write() {
    auto text = node(nodes_.size() - 1);
    if (!text) return text.error();
    if (text->size() > SqlCondition::kMaxBytes || values_.size() > SqlCondition::kMaxValues)
      return filter_error(1, "the filter is too long for the database: shorten it");
    return SqlCondition{*std::move(text), std::move(values_)};
  }

 private:
  using Text = Result<std::string, QueryError>;

  Text node(size_t index) {
    const Node& node = nodes_[index];
    if (node.kind == Node::Kind::kTest) return test(node.test);
    if (node.kind == Node::Kind::kNot) {
      auto inner = this->node(node.left);
      return inner ? Text("(NOT " + *inner + ")") : inner;
    }
    std::vector<std::string> parts;
    for (const size_t member : members(index)) {
      auto part = this->node(member);
      if (!part) return part;
      parts.push_back(*std::move(part));
    }
    return joined(parts, node.kind == Node::Kind::kAnd ? "AND" : "OR");
  }

  // What a chain such as "a and b and c" combines, from left to right.
  [[nodiscard]] std::vector<size_t> members(size_t root) const {
    std::vector<size_t> found;
    std::vector<size_t> waiting{root};
    while (!waiting.empty()) {
      const size_t index = waiting.back();
      waiting.pop_back();
      if (nodes_[index].kind == nodes_[root].kind) {
        waiting.push_back(nodes_[index].right);
        waiting.push_back(nodes_[index].left);
      } else {
        found.push_back(index);
      }
    }
    return found;
  }

  Text test(const FilterTest& test) {
    // A bare address, and an entity without any.
    if (test.fields.empty()) return std::string(kFalse);
    std::vector<std::string> parts;
    for (const uint8_t field : test.fields) {
      if (auto part = test_of(field, test)) parts.push_back(*std::move(part));
    }
    if (!parts.empty()) return joined(parts, "OR");
    return filter_error(1, fmt::format("\"{}\" is not kept there, or not to be searched like this",
                                       fields_of(table_.entity())[test.fields.front()].name));
  }

  // Nothing when the table cannot tell.
  std::optional<std::string> test_of(uint8_t field, const FilterTest& test) {
    const SqlColumn* column = table_.column(field);
    if (column == nullptr) return std::nullopt;
    const FieldType type = fields_of(table_.entity())[field].type;
    const std::string& value = column->expression;
    if (test.op == FilterOperator::kExists) {
      return type == FieldType::kUintList
                 ? fmt::format("({} IS NOT NULL AND {} <> '[]')", value, value)
                 : fmt::format("({} IS NOT NULL)", value);
    }
    if (type == FieldType::kBool) return boolean(value, test);
    const bool is_of_elements =
        is_list(type) && (test.op != FilterOperator::kContains || type == FieldType::kStrings ||
                          type == FieldType::kStringList);
    if (is_of_elements) {
      const auto any = any_operand("element.value", "element.value", test);
      if (!any) return std::nullopt;
      return fmt::format("EXISTS (SELECT 1 FROM json_each({}) AS element WHERE {})", value, *any);
    }
    const auto any = any_operand(value, text_of(*column, type), test);
    if (!any) return std::nullopt;
    return fmt::format("({} IS NOT NULL AND {})", value, *any);
  }

  // There are two values; whether they are wanted is for the filter to say.
  static std::string boolean(const std::string& value, const FilterTest& test) {
    const bool takes_true = test.holds(FieldValue(true));
    const bool takes_false = test.holds(FieldValue(false));
    if (takes_true && takes_false) return fmt::format("({} IS NOT NULL)", value);
    if (!takes_true && !takes_false) return std::string(kFalse);
    return fmt::format("({} IS NOT NULL AND {} {} 0)", value, value, takes_true ? "<>" : "=");
  }

  // "": it has none.
  static std::string text_of(const SqlColumn& column, FieldType type) {
    if (!column.text.empty()) return column.text;
    switch (type) {
      case FieldType::kUint:
        return fmt::format("CAST({} AS TEXT)", column.expression);
      case FieldType::kFloat:
      case FieldType::kTime:
        return fmt::format("printf('%.15g', {})", column.expression);
      case FieldType::kUints:
        return fmt::format("(SELECT group_concat(value, ', ') FROM json_each({}))",
                           column.expression);
      case FieldType::kIp:
        return {};
      default:
        return column.expression;
    }
  }

  std::optional<std::string> any_operand(const std::string& value, const std::string& text,
                                         const FilterTest& test) {
    std::vector<std::string> parts;
    if (auto all = equal_to_any(value, text, test)) return all;
    for (const FilterOperand& operand : test.operands) {
      if (const auto* number = std::get_if<double>(&operand)) {
        values_.emplace_back(*number);
        parts.push_back(fmt::format("({} {} ?)", value, sign_of(test.op)));
      } else if (const auto* prefix = std::get_if<Prefix>(&operand)) {
        parts.push_back(in_prefix(value, *prefix));
      } else if (!text.empty()) {
        parts.push_back(like(text, std::get<WantedText>(operand).text, test.op));
      }
    }
    if (parts.empty()) return std::nullopt;
    return joined(parts, "OR");
  }

  // Plain values of one kind are a list, whose length adds no depth and which an index can serve.
  std::optional<std::string> equal_to_any(const std::string& value, const std::string& text,
                                          const FilterTest& test) {
    if (test.op != FilterOperator::kEqual || test.operands.size() < 2) return std::nullopt;
    const auto is_number = [](const FilterOperand& operand) {
      return std::holds_alternative<double>(operand);
    };
    const auto is_plain = [](const FilterOperand& operand) {
      const auto* plain = std::get_if<WantedText>(&operand);
      return plain != nullptr && !plain->has_wildcard && is_utf8(plain->text);
    };
    const auto& operands = test.operands;
    const std::string list = question_marks(operands.size());
    if (std::all_of(operands.begin(), operands.end(), is_number)) {
      for (const FilterOperand& operand : operands) values_.emplace_back(std::get<double>(operand));
      return fmt::format("({} IN ({}))", value, list);
    }
    if (text.empty() || !std::all_of(operands.begin(), operands.end(), is_plain))
      return std::nullopt;
    for (const FilterOperand& operand : operands)
      values_.emplace_back(lower(std::get<WantedText>(operand).text));
    return fmt::format("(lower({}) IN ({}))", text, list);
  }

  std::string in_prefix(const std::string& value, const Prefix& prefix) {
    const IpAddress::Bytes& first = prefix.address().bytes();
    const IpAddress::Bytes last = last_of(prefix);
    values_.emplace_back(blob(first));
    if (first == last) return fmt::format("({} = ?)", value);
    values_.emplace_back(blob(last));
    static const Prefix kAllOfV4(*IpAddress::parse("0.0.0.0"), 0);
    const bool takes_in_v4 = !prefix.address().is_v4() && first <= kAllOfV4.address().bytes() &&
                             last >= last_of(kAllOfV4);
    if (!takes_in_v4) return fmt::format("({} BETWEEN ? AND ?)", value);
    values_.emplace_back(blob(kAllOfV4.address().bytes()));
    values_.emplace_back(blob(last_of(kAllOfV4)));
    return fmt::format("({} BETWEEN ? AND ? AND {} NOT BETWEEN ? AND ?)", value, value);
  }

  std::string like(const std::string& text, const std::string& wanted, FilterOperator op) {
    const bool has_wildcard = wanted.find('*') != std::string::npos;
    // GLOB looks at what stands before a NUL, and there is none in the table.
    const bool is_nowhere =
        !is_utf8(wanted) || (has_wildcard && wanted.find('\0') != std::string::npos);
    if (is_nowhere) return std::string(kFalse);
    values_.emplace_back(has_wildcard ? glob(wanted) : lower(wanted));
    if (has_wildcard) return fmt::format("(lower({}) GLOB ?)", text);
    return op == FilterOperator::kContains ? fmt::format("(instr(lower({}), ?) > 0)", text)
                                           : fmt::format("(lower({}) = ?)", text);
  }

  std::span<const Node> nodes_;
  const SqlTable& table_;
  std::vector<SqlValue> values_;
};

}  // namespace

SqlTable::SqlTable(Entity entity, const std::vector<SqlColumn>& columns)
    : entity_(entity), columns_(fields_of(entity).size()) {
  const auto fields = fields_of(entity);
  for (const SqlColumn& column : columns) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& field) {
      return field.name == column.field;
    });
    assert(found != fields.end());
    columns_[static_cast<size_t>(found - fields.begin())] = column;
  }
}

Result<SqlCondition, QueryError> to_sql(const Filter& filter, const SqlTable& table) {
  if (filter.matches_all()) return SqlCondition{std::string(kTrue), {}};
  return Writer(filter.nodes(), table).write();
}

}  // namespace weir
