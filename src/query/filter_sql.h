// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "query/filter.h"
#include "query/questions.h"
#include "record/fields.gen.h"

namespace weir {

// How a table of a database keeps one field. Both texts are SQL of the program's own, never of
// anybody else's. What `expression` must give follows from the field's type:
//   uint, float, time    a number; times as seconds since 1970
//   string, mac          text as people read it, without NULs
//   bool                 0 or 1
//   ip                   the 16 bytes of IpAddress as a BLOB
//   uint_list, strings, uints   JSON as to_value() makes it, without white space
// and NULL where the row has no such value.
struct SqlColumn {
  std::string_view field;
  std::string expression;
  // The value as people read it, for `~` and wildcards. Empty: made of `expression`, but for
  // addresses, which then are not searched as text.
  std::string text = {};
};

// Which fields of an entity a table keeps, and how. Shared: immutable.
class SqlTable {
 public:
  // REQUIRES: the columns are of fields of the entity, each at most once.
  SqlTable(Entity entity, const std::vector<SqlColumn>& columns);

  [[nodiscard]] Entity entity() const { return entity_; }
  // Null: it does not keep that field.
  [[nodiscard]] const SqlColumn* column(uint8_t field) const {
    return columns_[field] ? &*columns_[field] : nullptr;
  }

 private:
  Entity entity_;
  std::vector<std::optional<SqlColumn>> columns_;
};

// The bytes of an address, to be bound as a BLOB.
struct SqlBlob {
  std::string bytes;
  bool operator==(const SqlBlob&) const = default;
};
using SqlValue = std::variant<double, std::string, SqlBlob>;

// A condition for behind WHERE, in parentheses: it is 0 or 1, never NULL. `values` are for the
// question marks in it from left to right.
struct SqlCondition {
  std::string text;
  std::vector<SqlValue> values;

  // What is longer or wants more values is refused: SQLite takes a million bytes and 32,766 values.
  static constexpr size_t kMaxBytes = 900'000;
  static constexpr size_t kMaxValues = 20'000;
};

// `filter` as a condition in SQLite's dialect that holds for the rows for which the filter does.
// Nothing that was written in the filter is in the text: it is all in the values. Numbers are
// compared exactly, where the filter itself rounds those above 2^53; decimals are searched as text
// by fifteen digits; text that is no UTF-8 is in no row. Error: the table has none of the fields of
// a test, or it would be too long. REQUIRES: the filter is one of the table's entity.
[[nodiscard]] Result<SqlCondition, QueryError> to_sql(const Filter& filter, const SqlTable& table);

}  // namespace weir
