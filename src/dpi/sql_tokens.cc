// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sql_tokens.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kOperatorCharacters = "<>=!~|&^:@#";

constexpr bool is_space(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_word_part(char c) {
  return is_letter(c) || is_digit(c) || c == '$';
}

// What may stand right before a text and belongs to it: N'..', X'..', B'..', E'..', _utf8mb4'..'.
bool is_text_prefix(std::string_view word, bool is_mysql) {
  if (word.size() > 1) return is_mysql && word.front() == '_';
  return std::string_view("nNxXbBeE").find(word.front()) != std::string_view::npos;
}

}  // namespace

SqlToken SqlTokens::take(SqlTokenKind kind, size_t size) {
  const SqlToken token{kind, rest_.substr(0, size)};
  rest_.remove_prefix(token.text.size());
  return token;
}

SqlToken SqlTokens::next() {
  for (;;) {
    const auto* start = std::find_if_not(rest_.begin(), rest_.end(), is_space);
    rest_.remove_prefix(static_cast<size_t>(start - rest_.begin()));
    if (!skip_comment()) break;
  }
  const char first = at(0);
  if (rest_.empty()) return {};
  if (is_digit(first) || (first == '.' && is_digit(at(1)))) return take_number();
  if (is_letter(first)) return take_word();
  if (first == '@' && (is_letter(at(1)) || (at(1) == '@' && is_letter(at(2))))) return take_word();
  if (first == '\'') return take_text(0, is_mysql_);
  if (first == '"') return is_mysql_ ? take_text(0, true) : take_quoted();
  if (first == '`') return take_quoted();
  if (first == '?') return take(SqlTokenKind::kValue, 1);
  if (first == '$' && !is_mysql_) return take_dollar();
  return take_operator();
}

bool SqlTokens::is_number_next() const {
  const auto* start = std::find_if_not(rest_.begin(), rest_.end(), is_space);
  if (start == rest_.end()) return false;
  return is_digit(*start) || (*start == '.' && start + 1 != rest_.end() && is_digit(start[1]));
}

// True when there was one.
bool SqlTokens::skip_comment() {
  const bool is_dashes =
      at(0) == '-' && at(1) == '-' && (!is_mysql_ || rest_.size() == 2 || is_space(at(2)));
  if (is_dashes || (is_mysql_ && at(0) == '#')) {
    rest_.remove_prefix(std::min(rest_.size(), rest_.find('\n')));
    return true;
  }
  if (at(0) == '/' && at(1) == '*') {
    skip_block_comment();
    return true;
  }
  // The end of a comment whose text counts.
  if (is_mysql_ && at(0) == '*' && at(1) == '/') {
    rest_.remove_prefix(2);
    return true;
  }
  return false;
}

void SqlTokens::skip_block_comment() {
  size_t end = 2;
  if (is_mysql_) {
    const size_t mark = at(2) == 'M' ? 3 : 2;
    if (at(mark) == '!') {
      end = mark + 1;
      while (is_digit(at(end))) ++end;
    } else {
      end = rest_.find("*/", 2);
      end = end == std::string_view::npos ? rest_.size() : end + 2;
    }
  } else {
    for (size_t depth = 1; depth > 0 && end < rest_.size(); ++end) {
      if (at(end) == '*' && at(end + 1) == '/') {
        --depth;
        ++end;
      } else if (at(end) == '/' && at(end + 1) == '*') {
        ++depth;
        ++end;
      }
    }
  }
  rest_.remove_prefix(std::min(end, rest_.size()));
}

// 12, 1.5e-3, 0xff, 1_000.
SqlToken SqlTokens::take_number() {
  size_t end = 1;
  for (; end < rest_.size(); ++end) {
    const bool is_exponent_sign = (at(end) == '-' || at(end) == '+') &&
                                  (at(end - 1) == 'e' || at(end - 1) == 'E') && at(1) != 'x' &&
                                  is_digit(at(end + 1));
    if (!is_word_part(at(end)) && at(end) != '.' && !is_exponent_sign) break;
  }
  return take(SqlTokenKind::kValue, end);
}

SqlToken SqlTokens::take_word() {
  size_t end = 0;
  while (at(end) == '@' && end < 2) ++end;
  while (end < rest_.size() && is_word_part(at(end))) ++end;
  const std::string_view word = rest_.substr(0, end);
  if (at(end) == '\'' && is_text_prefix(word, is_mysql_)) {
    const bool is_escape_text = word == "e" || word == "E";
    return take_text(end, is_mysql_ || is_escape_text);
  }
  return take(SqlTokenKind::kWord, end);
}

SqlToken SqlTokens::take_dollar() {
  size_t end = 1;
  while (end < rest_.size() && is_word_part(at(end)) && at(end) != '$') ++end;
  if (at(end) != '$' || is_digit(at(1))) return take(SqlTokenKind::kValue, end);  // $1
  const std::string_view tag = rest_.substr(0, end + 1);
  const size_t close = rest_.find(tag, tag.size());
  return take(SqlTokenKind::kValue,
              close == std::string_view::npos ? rest_.size() : close + tag.size());
}

SqlToken SqlTokens::take_operator() {
  if (at(0) == '-' && at(1) == '>') return take(SqlTokenKind::kOperator, at(2) == '>' ? 3 : 2);
  size_t end = 0;
  while (end < rest_.size() && kOperatorCharacters.find(at(end)) != std::string_view::npos) {
    // A variable, or MySQL's comment.
    if (end > 0 && (at(end) == '@' || at(end) == '#') && (is_mysql_ || is_letter(at(end + 1))))
      break;
    ++end;
  }
  return take(SqlTokenKind::kOperator, std::max<size_t>(1, end));
}

SqlToken SqlTokens::take_text(size_t prefix, bool has_escapes) {
  return take(SqlTokenKind::kValue, end_of_quotes(prefix, has_escapes));
}

SqlToken SqlTokens::take_quoted() {
  return take(SqlTokenKind::kQuoted, end_of_quotes(0, false));
}

// Behind the quote that closes the one at `start`; a doubled one does not.
size_t SqlTokens::end_of_quotes(size_t start, bool has_escapes) const {
  const char quote = rest_[start];
  for (size_t end = start + 1; end < rest_.size(); ++end) {
    if (has_escapes && rest_[end] == '\\') {
      ++end;
    } else if (rest_[end] == quote) {
      if (at(end + 1) != quote) return end + 1;
      ++end;
    }
  }
  return rest_.size();
}

}  // namespace weir
