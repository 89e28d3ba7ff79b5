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

// What may stand in a word: names, numbers, addresses, CIDR, wildcards, and any byte of UTF-8.
[[nodiscard]] bool is_filter_word_character(char c);
// `text` as one value in a filter: as it is where it is a word and no keyword, else in quotes.
[[nodiscard]] std::string filter_value(std::string_view text);

// The tokens of a filter, the last of them kEnd. Error: a quote that is not closed, a character
// that begins nothing.
[[nodiscard]] Result<std::vector<FilterToken>, QueryError> read_filter_tokens(
    std::string_view text);

[[nodiscard]] QueryError filter_error(int column, std::string message);

}  // namespace weir
