// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter_lexer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"

namespace weir {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<FilterToken>, QueryError> read() {
    std::vector<FilterToken> tokens;
    for (;;) {
      while (position_ < text_.size() && is_space(text_[position_])) ++position_;
      auto token = next();
      if (!token) return token.error();
      tokens.push_back(std::move(*token));
      if (tokens.back().kind == FilterToken::Kind::kEnd) return tokens;
    }
  }

 private:
  using Kind = FilterToken::Kind;

  Result<FilterToken, QueryError> next() {
    const int column = static_cast<int>(position_) + 1;
    if (position_ == text_.size()) return FilterToken{Kind::kEnd, "", column};
    const char c = text_[position_];
    if (c == '"' || c == '\'') return quoted(c, column);
    if (c == '(') return take(Kind::kOpen, 1, column);
    if (c == ')') return take(Kind::kClose, 1, column);
    if (c == ',') return take(Kind::kComma, 1, column);
    for (const std::string_view op : {"!=", "<=", ">=", "==", "=", "<", ">", "~"}) {
      if (text_.substr(position_, op.size()) == op) return take(Kind::kOperator, op.size(), column);
    }
    size_t length = 0;
    while (position_ + length < text_.size() && is_filter_word_character(text_[position_ + length]))
      ++length;
    if (length == 0)
      return filter_error(column, fmt::format("\"{}\" begins nothing that a filter knows", c));
    return take(Kind::kWord, length, column);
  }

  FilterToken take(Kind kind, size_t length, int column) {
    FilterToken token{kind, std::string(text_.substr(position_, length)), column};
    position_ += length;
    return token;
  }

  Result<FilterToken, QueryError> quoted(char quote, int column) {
    FilterToken token{Kind::kText, "", column};
    for (size_t i = position_ + 1; i < text_.size(); ++i) {
      if (text_[i] == quote) {
        position_ = i + 1;
        return token;
      }
      if (text_[i] == '\\' && i + 1 < text_.size()) ++i;
      token.text += text_[i];
    }
    return filter_error(column, "the quote is not closed");
  }

  std::string_view text_;
  size_t position_ = 0;
};

bool is_keyword(std::string_view text) {
  const FilterToken word{FilterToken::Kind::kWord, std::string(text), 1};
  const auto keywords = {"and", "or", "not", "in", "exists"};
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](std::string_view keyword) { return word.is_word(keyword); });
}

}  // namespace

bool is_filter_word_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || std::string_view("_.:/*-@%+?").find(c) != std::string_view::npos;
}

std::string filter_value(std::string_view text) {
  if (!text.empty() && !is_keyword(text) &&
      std::all_of(text.begin(), text.end(), is_filter_word_character))
    return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

bool FilterToken::is_word(std::string_view keyword) const {
  return kind == Kind::kWord && std::equal(text.begin(), text.end(), keyword.begin(), keyword.end(),
                                           [](char a, char b) { return ascii_lower(a) == b; });
}

Result<std::vector<FilterToken>, QueryError> read_filter_tokens(std::string_view text) {
  return Lexer(text).read();
}

QueryError filter_error(int column, std::string message) {
  return {QueryError::Kind::kBadParameter, "filter", std::move(message), column};
}

}  // namespace weir
