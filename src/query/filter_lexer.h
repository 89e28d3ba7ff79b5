// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/questions.h"

namespace weir {

// A word, a quoted text, an operator, a parenthesis or a comma; or the end.
struct FilterToken {
  enum class Kind { kWord, kText, kOperator, kOpen, kClose, kComma, kEnd } kind = Kind::kEnd;
  std::string text;
  int column = 1;  // 1-based

  // Keywords are words whatever their case.
  [[nodiscard]] bool is_word(std::string_view keyword) const;
};

// The tokens of a filter, the last of them kEnd. Error: a quote that is not closed, a character
// that begins nothing.
[[nodiscard]] Result<std::vector<FilterToken>, QueryError> read_filter_tokens(
    std::string_view text);

[[nodiscard]] QueryError filter_error(int column, std::string message);

}  // namespace weir
