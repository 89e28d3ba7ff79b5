// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sql_text.h"

#include "dpi/ascii_text.h"
#include "dpi/sql_keywords.h"
#include "dpi/sql_tokens.h"

namespace weir {
namespace {

constexpr bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

// Writes the tokens of a statement, lists folded.
class SqlWriter {
 public:
  SqlWriter(std::string_view statement, SqlDialect dialect) : tokens_(statement, dialect) {}

  std::string write() {
    while (!is_full_) {
      const SqlToken token = tokens_.next();
      if (token.kind == SqlTokenKind::kEnd) break;
      take(token);
    }
    while (text_.ends_with(';') || text_.ends_with(' ')) text_.pop_back();
    return std::string(text_);  // as many bytes as it needs
  }

 private:
  // Where it stands with the rows after VALUES.
  enum class Rows : uint8_t { kNone, kAwaited, kFirst, kBehind, kComma };

  void take(const SqlToken& token) {
    if (is_skipped(token)) return;
    const bool is_operand_before = is_operand_before_;
    is_operand_before_ = token.kind == SqlTokenKind::kValue ||
                         token.kind == SqlTokenKind::kQuoted || token.text == ")" ||
                         token.text == "]";
    switch (token.kind) {
      case SqlTokenKind::kWord:
        return put_word(token.text);
      case SqlTokenKind::kQuoted:
        return put_quoted(token.text);
      case SqlTokenKind::kValue:
        return put_value();
      case SqlTokenKind::kOperator: {
        const bool is_sign = !is_operand_before && (token.text == "-" || token.text == "+");
        if (!is_sign || !tokens_.is_number_next()) put_operator(token.text);
        return;
      }
      case SqlTokenKind::kEnd:
        return;
    }
  }

  // Of the rows after VALUES those after the first.
  bool is_skipped(const SqlToken& token) {
    if (rows_ == Rows::kAwaited) {
      rows_ = token.text == "(" ? Rows::kFirst : Rows::kNone;
      row_depth_ = depth_;
    } else if (rows_ == Rows::kBehind) {
      rows_ = token.text == "," ? Rows::kComma : Rows::kNone;
      return rows_ == Rows::kComma;
    } else if (rows_ == Rows::kComma && depth_ == row_depth_) {
      if (token.text == "(") {
        ++depth_;
        return true;
      }
      put_operator(",");
      rows_ = Rows::kNone;
    } else if (rows_ == Rows::kComma) {
      if (token.text == "(") ++depth_;
      if (token.text == ")" && --depth_ == row_depth_) rows_ = Rows::kBehind;
      return true;
    }
    return false;
  }

  void put_word(std::string_view word) {
    const std::string_view keyword = sql_keyword(word);
    put(keyword.empty() ? word : keyword, true);
    is_keyword_before_ = !keyword.empty();
    is_operand_before_ = keyword.empty();
    if (keyword == "VALUES") rows_ = Rows::kAwaited;
  }

  void put_quoted(std::string_view name) {
    if (name.size() < 2 || name.back() != name.front()) return;  // does not end
    const size_t before = text_.size();
    put(name, true);
    for (size_t i = before; i < text_.size(); ++i) {
      if (is_control(text_[i])) text_[i] = ' ';
    }
  }

  void put_value() {
    if (text_.ends_with("(?,") || text_.ends_with("[?,")) return text_.pop_back();
    put("?", true);
  }

  void put_operator(std::string_view text) {
    if (text == "(") {
      ++depth_;
      const bool is_call = !text_.empty() && is_operand(text_.back()) && !is_keyword_before_;
      put("(", !is_call);
    } else if (text == ")") {
      if (depth_ > 0) --depth_;
      put(")", false);
      if (text_.ends_with("(?), (?)")) text_.resize(text_.size() - 5);
      if (rows_ == Rows::kFirst && depth_ == row_depth_) rows_ = Rows::kBehind;
    } else if (text == "," || text == ";" || text == "]" || text == "[") {
      put(text, false);
    } else if (text == "." || text == "::") {
      // Operators that stood apart must not become another one.
      put(text, text == "::" && !text_.empty() && !is_operand(text_.back()));
      is_glued_ = true;
    } else {
      if (text != "*") is_glued_ = false;
      put(text, true);
    }
    is_keyword_before_ = false;
  }

  static bool is_operand(char c) {
    return c != ' ' && std::string_view(",;([<>=!~|&^:@#+-*/%").find(c) == std::string_view::npos;
  }

  // With a space before it, where there may be one.
  void put(std::string_view text, bool takes_space) {
    const bool is_first = text_.empty() || text_.ends_with('(') || text_.ends_with('[');
    const size_t space = takes_space && !is_first && !is_glued_ ? 1 : 0;
    if (text_.size() + space + text.size() > kMaxSqlTextBytes) {
      is_full_ = true;
      return;
    }
    text_.append(space, ' ');
    text_ += text;
    is_glued_ = false;
    is_keyword_before_ = false;
  }

  SqlTokens tokens_;
  std::string text_;
  size_t depth_ = 0;  // of parentheses
  size_t row_depth_ = 0;
  Rows rows_ = Rows::kNone;
  bool is_glued_ = false;  // the next token follows without a space
  bool is_keyword_before_ = false;
  bool is_operand_before_ = false;
  bool is_full_ = false;
};

}  // namespace

std::string normalised_sql(std::string_view statement, SqlDialect dialect) {
  return SqlWriter(statement, dialect).write();
}

bool begins_like_sql(std::string_view text) {
  static constexpr std::string_view kFirstWords[] = {
      "ALTER",   "BEGIN",  "CALL",     "COMMIT",  "COPY",    "CREATE",   "DELETE", "DROP",
      "EXPLAIN", "INSERT", "LOCK",     "RELEASE", "REPLACE", "ROLLBACK", "SELECT", "SET",
      "SHOW",    "START",  "TRUNCATE", "UNLOCK",  "UPDATE",  "USE",      "WITH"};
  const size_t start = text.find_first_not_of(" \t\r\n(");
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  const std::string_view keyword = sql_keyword(text.substr(0, text.find_first_of(" \t\r\n;(*")));
  if (keyword.empty()) return false;
  for (const std::string_view each : kFirstWords) {
    if (each == keyword) return true;
  }
  return false;
}

}  // namespace weir
