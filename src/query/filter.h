// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "net/prefix.h"
#include "query/questions.h"
#include "query/wanted_text.h"
#include "record/field_value.h"
#include "record/fields.gen.h"

namespace weir {

// One value a field is compared with, as it was written: a number with its unit applied, an address
// range, or text.
using FilterOperand = std::variant<double, Prefix, WantedText>;

enum class FilterOperator : uint8_t {
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kContains,
  kExists
};

// `field op operand`, or for several operands (`in`): any of them.
struct FilterTest {
  std::vector<uint8_t>
      fields;  // indices into the entity's fields: true when it holds for any of them
  FilterOperator op = FilterOperator::kEqual;
  std::vector<FilterOperand> operands;

  [[nodiscard]] bool holds(const FieldValue& value) const;
  // The same, for those who look at millions.
  [[nodiscard]] bool holds_plain(const PlainValue& value) const;
  // Whether it holds for any of some of its fields, which `get(index)` gives.
  template <typename Get>
  [[nodiscard]] bool any_holds(std::span<const uint8_t> some, Get& get) const {
    return std::any_of(some.begin(), some.end(), [&](uint8_t field) { return holds(get(field)); });
  }
};

// The fields that a name in a filter stands for, by their indices: a field that can be filtered by,
// or those of an alias. None: there is no such field.
[[nodiscard]] std::vector<uint8_t> filter_fields(Entity entity, std::string_view name);
// Whether < and > compare values of that type, which then are numbers.
[[nodiscard]] bool is_numeric(FieldType type);

// A question in weir's filter language, ready to be asked of rows:
//   host in 10.0.0.0/8 and app = "TLS" and bytes > 1M and not vlan = 20
// Grammar: or, and, not, ( ); FIELD = != < <= > >= ~ VALUE; FIELD [not] in (VALUE, ...) or a CIDR;
// FIELD exists; a bare word searches all names and addresses. Values: numbers with k M G T (1000s)
// or s m h d, addresses, CIDR, words, "quoted text"; * is a wildcard. Shared: immutable.
class Filter {
 public:
  static constexpr size_t kMaxLength = 4096;
  static constexpr size_t kMaxDepth = 64;

  Filter() = default;  // matches everything
  [[nodiscard]] bool matches_all() const { return nodes_.empty(); }
  static Result<Filter, QueryError> parse(std::string_view text, Entity entity);
  // Matches what both of them match, and asks `first` first.
  [[nodiscard]] static Filter both(Filter first, const Filter& second);

  // `get(index)` gives the FieldValue of the row's field with that index in fields_of(entity).
  template <typename Get>
  [[nodiscard]] bool matches(Get&& get) const {
    return matches_tests([&](size_t index) {
      const FilterTest& test = nodes_[index].test;
      return test.any_holds(test.fields, get);
    });
  }

  // The same where `holds(index)` says whether the test in the node of that index holds for the
  // row.
  template <typename Holds>
  [[nodiscard]] bool matches_tests(Holds&& holds) const {
    return nodes_.empty() || evaluate_tests(nodes_.size() - 1, holds);
  }

  // Whether is_wanted(index) holds for a field that is looked at.
  template <typename Predicate>
  [[nodiscard]] bool uses(Predicate&& is_wanted) const {
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
      return std::any_of(node.test.fields.begin(), node.test.fields.end(), is_wanted);
    });
  }

  // A node of the expression; children are indices into the same list and come before their parent.
  struct Node {
    enum class Kind : uint8_t { kTest, kAnd, kOr, kNot } kind = Kind::kTest;
    size_t left = 0;
    size_t right = 0;
    FilterTest test;
  };
  // The syntax tree, for those who ask elsewhere than of rows; the last node is the root, none
  // means everything.
  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }

 private:
  explicit Filter(std::vector<Node> nodes) : nodes_(std::move(nodes)) {}

  template <typename Holds>
  [[nodiscard]] bool evaluate_tests(size_t index, Holds& holds) const {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case Node::Kind::kAnd:
        return evaluate_tests(node.left, holds) && evaluate_tests(node.right, holds);
      case Node::Kind::kOr:
        return evaluate_tests(node.left, holds) || evaluate_tests(node.right, holds);
      case Node::Kind::kNot:
        return !evaluate_tests(node.left, holds);
      case Node::Kind::kTest:
        break;
    }
    return holds(index);
  }

  std::vector<Node> nodes_;  // the last one is the root
};

}  // namespace weir
