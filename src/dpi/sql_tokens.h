// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "dpi/sql_text.h"

namespace weir {

enum class SqlTokenKind : uint8_t {
  kEnd,
  kWord,      // keyword or name, without quotes
  kQuoted,    // a name in its quotes
  kValue,     // number, text, bit string or parameter
  kOperator,  // one or more of its characters, or a single other one
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::kEnd;
  std::string_view text;  // a view of the statement
};

// Cuts a statement into tokens; comments and white space are left out. The statement must outlive
// it. Cost: linear for all tokens together.
class SqlTokens {
 public:
  SqlTokens(std::string_view statement, SqlDialect dialect)
      : rest_(statement), is_mysql_(dialect == SqlDialect::kMysql) {}

  // kEnd at the end, and from then on. Always consumes something before.
  SqlToken next();
  // Whether a number is next, behind white space at most.
  [[nodiscard]] bool is_number_next() const;

 private:
  [[nodiscard]] char at(size_t index) const { return index < rest_.size() ? rest_[index] : '\0'; }
  bool skip_comment();
  void skip_block_comment();
  SqlToken take(SqlTokenKind kind, size_t size);
  SqlToken take_number();
  SqlToken take_word();
  SqlToken take_dollar();
  SqlToken take_operator();
  // With what stands before the opening quote, `prefix` bytes.
  SqlToken take_text(size_t prefix, bool has_escapes);
  SqlToken take_quoted();
  [[nodiscard]] size_t end_of_quotes(size_t start, bool has_escapes) const;

  std::string_view rest_;
  bool is_mysql_;
};

}  // namespace weir
