// SPDX-License-Identifier: GPL-3.0-or-later
// Where in a filter the cursor stands: the grammar of filter_parser.cc, but of half a filter.
#include <optional>

#include "query/completion.h"
#include "query/filter.h"
#include "query/filter_lexer.h"

namespace weir {
namespace {

using Kind = FilterToken::Kind;

// Goes over the tokens before the cursor and knows what comes next.
class Progress {
 public:
  explicit Progress(Entity entity) : entity_(entity) {}

  void take(const FilterToken& token) {
    if (!fits(token)) {
      kind_ = CompletionKind::kTest;
      fits(token);
    }
  }

  [[nodiscard]] CompletionKind kind() const { return kind_; }
  [[nodiscard]] const std::vector<uint8_t>& fields() const { return fields_; }
  [[nodiscard]] size_t open() const { return open_; }

 private:
  static bool is_value(const FilterToken& token) {
    return token.kind == Kind::kWord || token.kind == Kind::kText;
  }
  bool go(CompletionKind next) {
    kind_ = next;
    return true;
  }

  // Whether the token may stand here; goes on when it does.
  bool fits(const FilterToken& token) {
    switch (kind_) {
      case CompletionKind::kTest:
        return fits_test(token);
      case CompletionKind::kOperator:
        return fits_operator(token);
      case CompletionKind::kIn:
        return token.is_word("in") && go(CompletionKind::kList);
      case CompletionKind::kList:
        if (token.kind == Kind::kOpen) {
          is_in_list_ = true;
          return go(CompletionKind::kValue);
        }
        return is_value(token) && go(CompletionKind::kConnective);
      case CompletionKind::kValue:
        return is_value(token) &&
               go(is_in_list_ ? CompletionKind::kMoreOfList : CompletionKind::kConnective);
      case CompletionKind::kMoreOfList:
        return fits_list(token);
      default:
        return fits_connective(token);
    }
  }

  bool fits_test(const FilterToken& token) {
    is_in_list_ = false;
    fields_.clear();
    if (token.kind == Kind::kOpen) {
      ++open_;
      return true;
    }
    if (token.is_word("not")) return true;
    if (!is_value(token)) return false;
    if (token.kind == Kind::kWord) fields_ = filter_fields(entity_, token.text);
    return go(CompletionKind::kOperator);
  }

  bool fits_operator(const FilterToken& token) {
    if (token.kind == Kind::kOperator) return go(CompletionKind::kValue);
    if (token.is_word("in")) return go(CompletionKind::kList);
    if (token.is_word("not")) return go(CompletionKind::kIn);
    if (token.is_word("exists")) return go(CompletionKind::kConnective);
    return fits_connective(token);
  }

  bool fits_list(const FilterToken& token) {
    if (token.kind == Kind::kComma) return go(CompletionKind::kValue);
    if (token.kind != Kind::kClose) return false;
    is_in_list_ = false;
    return go(CompletionKind::kConnective);
  }

  bool fits_connective(const FilterToken& token) {
    if (token.is_word("and") || token.is_word("or")) return go(CompletionKind::kTest);
    if (token.kind != Kind::kClose || open_ == 0) return false;
    --open_;
    return go(CompletionKind::kConnective);
  }

  Entity entity_;
  CompletionKind kind_ = CompletionKind::kTest;
  std::vector<uint8_t> fields_;
  size_t open_ = 0;
  bool is_in_list_ = false;
};

// The tokens of what stands before the cursor, the last of them being written or not.
struct Written {
  std::vector<FilterToken> complete;
  size_t from = 0;  // where what is being written begins
  std::string typed;
  char quote = '\0';  // that it stands in
};

std::string without_escapes(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

// Nothing: there is a character that begins nothing.
std::optional<Written> read_written(std::string_view before) {
  auto tokens = read_filter_tokens(before);
  Written written;
  written.from = before.size();
  if (!tokens) {
    const auto at = static_cast<size_t>(tokens.error().column) - 1;
    const char first = before[at];
    const bool is_quote = first == '"' || first == '\'';
    // "!" alone becomes "!=".
    if (!is_quote && (first != '!' || at + 1 != before.size())) return std::nullopt;
    tokens = read_filter_tokens(before.substr(0, at));
    if (!tokens) return std::nullopt;
    written.from = at;
    written.quote = is_quote ? first : '\0';
    written.typed = is_quote ? without_escapes(before.substr(at + 1)) : std::string(1, first);
  }
  tokens->pop_back();  // the end
  written.complete = std::move(*tokens);
  if (written.from != before.size() || written.complete.empty()) return written;
  const FilterToken& last = written.complete.back();
  const size_t begin = static_cast<size_t>(last.column) - 1;
  if (last.kind == Kind::kWord && begin + last.text.size() == before.size()) {
    written.from = begin;
    written.typed = last.text;
    written.complete.pop_back();
  }
  return written;
}

// Where what is being written ends behind the cursor.
size_t end_of(std::string_view text, size_t cursor, const Written& written) {
  size_t end = cursor;
  if (written.quote == '\0') {
    if (written.from == cursor || !is_filter_word_character(text[written.from])) return cursor;
    while (end < text.size() && is_filter_word_character(text[end])) ++end;
    return end;
  }
  for (; end < text.size(); ++end) {
    if (text[end] == written.quote) return end + 1;
    if (text[end] == '\\') ++end;
  }
  return cursor;  // it is not closed: what follows may be anything
}

}  // namespace

CompletionPoint find_completion(std::string_view text, size_t cursor, Entity entity) {
  CompletionPoint point;
  point.from = point.to = cursor;
  auto written = read_written(text.substr(0, cursor));
  if (!written) return point;
  Progress progress(entity);
  for (const FilterToken& token : written->complete) progress.take(token);
  point.kind = progress.kind();
  point.from = written->from;
  point.to = end_of(text, cursor, *written);
  point.typed = std::move(written->typed);
  point.fields = progress.fields();
  point.open = progress.open();
  return point;
}

}  // namespace weir
