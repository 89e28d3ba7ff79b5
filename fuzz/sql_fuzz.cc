// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as a statement and as the key of a store. Properties: the result is bounded and printable
// but for names beyond ASCII, and holds no text in quotes; what is between the quotes of a text
// makes no difference. (Of a sound statement the result says itself again, see sql_text_test.cc; of
// a heap of operators it need not.)
#include <cstdint>
#include <string>

#include "dpi/sql_text.h"
#include "dpi/store_key.h"
#include "property.h"

namespace {

using weir::fuzz::require;

void check_statement(const std::string& statement, weir::SqlDialect dialect) {
  const std::string text = weir::normalised_sql(statement, dialect);
  require(text.size() <= weir::kMaxSqlTextBytes);
  bool is_quoted = false;
  for (const char c : text) {
    require(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
    if (c == '`' || c == '"') is_quoted = !is_quoted;
    require(c != '\'' || is_quoted || text.find_first_of("`\"") != std::string::npos);
  }
}

std::string quoted(const std::string& text) {
  std::string quoted = "SELECT a FROM t WHERE b = '";
  for (const char c : text) {
    if (c != '\'' && c != '\\') quoted += c;
  }
  return quoted + "' AND c IN (1, 2)";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  for (const auto dialect : {weir::SqlDialect::kMysql, weir::SqlDialect::kPostgresql}) {
    check_statement(text, dialect);
    require(weir::normalised_sql(quoted(text), dialect) ==
            "SELECT a FROM t WHERE b = ? AND c IN (?)");
  }
  static_cast<void>(weir::begins_like_sql(text));
  require(weir::store_key_pattern(text).size() <= weir::kMaxStoreKeyBytes);
  return 0;
}
