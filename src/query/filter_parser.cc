// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "query/filter.h"
#include "query/filter_lexer.h"

namespace weir {
namespace {

using Kind = FilterToken::Kind;
using Node = Filter::Node;

struct UnitName {
  char letter;
  double factor;
};
constexpr UnitName kCountUnits[] = {{'k', 1e3}, {'K', 1e3}, {'M', 1e6}, {'G', 1e9}, {'T', 1e12}};
constexpr UnitName kTimeUnits[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};

std::optional<double> parse_number(std::string_view text, Unit unit) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // "inf" and "nan" are words here.
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  const std::string_view rest(end, static_cast<size_t>(text.data() + text.size() - end));
  if (rest.empty()) return number;
  if (rest.size() > 1) return std::nullopt;
  const bool is_time = unit == Unit::kSeconds;
  for (const UnitName& name :
       is_time ? std::span<const UnitName>(kTimeUnits) : std::span<const UnitName>(kCountUnits)) {
    if (rest.front() == name.letter) return number * name.factor;
  }
  return std::nullopt;
}

std::string_view examples_of(Unit unit) {
  if (unit == Unit::kSeconds) return "20, 30s or 5m";
  return unit == Unit::kNone || unit == Unit::kMilliseconds ? "20" : "20, 10k or 1.5M";
}

// Of flows not what their payload says, which costs more; of hosts not the first of their names,
// which is among the names. Their key is their address, and a VLAN's number behind an @: that is
// looked for only with the @.
bool is_name(const FieldInfo& field, std::string_view word) {
  if (field.entity != Entity::kHost) return field.type == FieldType::kString;
  if (field.name == "key") return word.find('@') != std::string_view::npos;
  return (field.type == FieldType::kString && field.name != "name") ||
         field.type == FieldType::kStrings;
}

// What a bare word is looked for in.
bool may_have(const FieldInfo& field, std::string_view word) {
  if (!field.filterable) return false;
  if (field.type == FieldType::kIp) return may_be_in_address(word);
  if (field.type == FieldType::kMac) return may_be_in_mac(word);
  return is_name(field, word);
}

// Who told of a flow is none of those who talk.
bool is_of_the_observer(const FieldInfo& field) {
  return field.entity == Entity::kFlow && field.name == "exporter";
}

class Parser {
 public:
  Parser(std::vector<FilterToken> tokens, Entity entity)
      : tokens_(std::move(tokens)), entity_(entity), fields_(fields_of(entity)) {}

  Result<std::vector<Node>, QueryError> parse() {
    const auto root = parse_or(0);
    if (!root) return root.error();
    if (peek().kind != Kind::kEnd) return expected("\"and\", \"or\" or the end");
    return std::move(nodes_);
  }

 private:
  using Index = Result<size_t, QueryError>;

  [[nodiscard]] const FilterToken& peek() const { return tokens_[position_]; }
  const FilterToken& take() { return tokens_[peek().kind == Kind::kEnd ? position_ : position_++]; }
  bool accept_word(std::string_view keyword) {
    if (!peek().is_word(keyword)) return false;
    take();
    return true;
  }
  [[nodiscard]] QueryError expected(std::string_view what) const {
    const FilterToken& token = peek();
    const std::string found =
        token.kind == Kind::kEnd ? "the filter ends" : fmt::format("there is \"{}\"", token.text);
    return filter_error(token.column, fmt::format("expected {}, but {}", what, found));
  }
  size_t add(Node node) {
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }
  size_t negate(size_t node) { return add({Node::Kind::kNot, node, 0, {}}); }

  Index parse_or(size_t depth) {
    auto left = parse_and(depth);
    while (left && accept_word("or")) {
      const auto right = parse_and(depth);
      if (!right) return right;
      left = add({Node::Kind::kOr, *left, *right, {}});
    }
    return left;
  }

  Index parse_and(size_t depth) {
    auto left = parse_not(depth);
    while (left && accept_word("and")) {
      const auto right = parse_not(depth);
      if (!right) return right;
      left = add({Node::Kind::kAnd, *left, *right, {}});
    }
    return left;
  }

  Index parse_not(size_t depth) {
    if (depth > Filter::kMaxDepth)
      return filter_error(peek().column, "the filter is nested too deeply");
    if (accept_word("not")) {
      const auto inner = parse_not(depth + 1);
      return inner ? Index(negate(*inner)) : inner;
    }
    if (peek().kind != Kind::kOpen) return parse_test();
    take();
    const auto inner = parse_or(depth + 1);
    if (!inner) return inner;
    if (peek().kind != Kind::kClose) return expected("\")\"");
    take();
    return inner;
  }

  Index parse_test() {
    if (peek().kind != Kind::kWord && peek().kind != Kind::kText)
      return expected("a field, a word to search for, \"not\" or \"(\"");
    const FilterToken name = take();
    const bool compares = peek().kind == Kind::kOperator || peek().is_word("in") ||
                          peek().is_word("exists") ||
                          (peek().is_word("not") && tokens_[position_ + 1].is_word("in"));
    if (!compares || name.kind == Kind::kText) return search_for(name);
    FilterTest test;
    test.fields = filter_fields(entity_, name.text);
    if (test.fields.empty())
      return filter_error(name.column, fmt::format("there is no field \"{}\"", name.text));
    if (peek().kind == Kind::kOperator) return parse_comparison(std::move(test));
    if (accept_word("exists")) {
      test.op = FilterOperator::kExists;
      return add({Node::Kind::kTest, 0, 0, std::move(test)});
    }
    const bool negated = accept_word("not");
    take();  // "in"
    return parse_list(std::move(test), negated);
  }

  Index search_for(const FilterToken& word) {
    FilterTest test;
    const auto prefix = Prefix::parse(word.text);
    for (size_t i = 0; i < fields_.size(); ++i) {
      const bool fits =
          prefix ? fields_[i].type == FieldType::kIp : may_have(fields_[i], word.text);
      if (fits && !is_of_the_observer(fields_[i])) test.fields.push_back(static_cast<uint8_t>(i));
    }
    test.op = prefix ? FilterOperator::kEqual : FilterOperator::kContains;
    if (prefix) {
      test.operands.emplace_back(*prefix);
    } else {
      test.operands.emplace_back(WantedText(word.text));
    }
    return add({Node::Kind::kTest, 0, 0, std::move(test)});
  }

  Index parse_comparison(FilterTest test) {
    const FilterToken op = take();
    const bool negated = op.text == "!=";
    if (op.text == "<") test.op = FilterOperator::kLess;
    if (op.text == "<=") test.op = FilterOperator::kLessOrEqual;
    if (op.text == ">") test.op = FilterOperator::kGreater;
    if (op.text == ">=") test.op = FilterOperator::kGreaterOrEqual;
    if (op.text == "~") test.op = FilterOperator::kContains;
    const bool orders = test.op != FilterOperator::kEqual && test.op != FilterOperator::kContains;
    if (orders && !is_numeric(fields_[test.fields.front()].type)) {
      return filter_error(op.column, fmt::format("\"{}\" compares numbers, and \"{}\" is none",
                                                 op.text, fields_[test.fields.front()].name));
    }
    if (auto problem = parse_operand(test)) return *problem;
    const size_t node = add({Node::Kind::kTest, 0, 0, std::move(test)});
    return negated ? negate(node) : node;
  }

  Index parse_list(FilterTest test, bool negated) {
    if (peek().kind != Kind::kOpen) {
      if (auto problem = parse_operand(test)) return *problem;
    } else {
      do {
        take();  // "(" or ","
        if (auto problem = parse_operand(test)) return *problem;
      } while (peek().kind == Kind::kComma);
      if (peek().kind != Kind::kClose) return expected("\",\" or \")\"");
      take();
    }
    const size_t node = add({Node::Kind::kTest, 0, 0, std::move(test)});
    return negated ? negate(node) : node;
  }

  std::optional<QueryError> parse_operand(FilterTest& test) {
    if (peek().kind != Kind::kWord && peek().kind != Kind::kText) return expected("a value");
    const FilterToken value = take();
    const FieldInfo& field = fields_[test.fields.front()];
    if (test.op == FilterOperator::kContains) {
      test.operands.emplace_back(WantedText(value.text));
    } else if (is_numeric(field.type)) {
      const auto number = parse_number(value.text, field.unit);
      if (!number)
        return filter_error(value.column,
                            fmt::format("\"{}\" wants a number such as {}, not \"{}\"", field.name,
                                        examples_of(field.unit), value.text));
      test.operands.emplace_back(*number);
    } else if (field.type == FieldType::kIp && value.text.find('*') == std::string::npos) {
      const auto prefix = Prefix::parse(value.text);
      if (!prefix)
        return filter_error(
            value.column,
            fmt::format("\"{}\" wants an address or a network such as 10.0.0.0/8, not \"{}\"",
                        field.name, value.text));
      test.operands.emplace_back(*prefix);
    } else {
      test.operands.emplace_back(WantedText(value.text));
    }
    return std::nullopt;
  }

  std::vector<FilterToken> tokens_;
  Entity entity_;
  std::span<const FieldInfo> fields_;
  size_t position_ = 0;
  std::vector<Node> nodes_;
};

}  // namespace

std::vector<uint8_t> filter_fields(Entity entity, std::string_view name) {
  const auto fields = fields_of(entity);
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name && fields[i].filterable) return {static_cast<uint8_t>(i)};
  }
  for (const FieldAlias& alias : aliases_of(entity)) {
    if (alias.name == name) return {alias.fields.begin(), alias.fields.begin() + alias.count};
  }
  return {};
}

bool is_numeric(FieldType type) {
  return type == FieldType::kUint || type == FieldType::kFloat || type == FieldType::kTime ||
         type == FieldType::kUintList || type == FieldType::kUints;
}

Result<Filter, QueryError> Filter::parse(std::string_view text, Entity entity) {
  if (text.size() > kMaxLength)
    return filter_error(static_cast<int>(kMaxLength), "the filter is too long");
  auto tokens = read_filter_tokens(text);
  if (!tokens) return tokens.error();
  if (tokens->size() == 1) return Filter();
  auto nodes = Parser(std::move(*tokens), entity).parse();
  if (!nodes) return nodes.error();
  return Filter(std::move(*nodes));
}

Filter Filter::both(Filter first, const Filter& second) {
  if (first.matches_all()) return second;
  if (second.matches_all()) return first;
  std::vector<Node>& nodes = first.nodes_;
  const size_t offset = nodes.size();
  for (Node node : second.nodes_) {
    node.left += offset;  // of a test these say nothing
    node.right += offset;
    nodes.push_back(std::move(node));
  }
  nodes.push_back({Node::Kind::kAnd, offset - 1, nodes.size() - 1, {}});
  return first;
}

}  // namespace weir
