// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sql_keywords.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

// In the order of their bytes.
constexpr std::string_view kKeywords[] = {
    "ALL",         "ALTER",   "ANALYZE",   "AND",       "ANY",     "ARRAY",     "AS",
    "ASC",         "BEGIN",   "BETWEEN",   "BY",        "CALL",    "CASE",      "CLOSE",
    "COLUMN",      "COMMIT",  "COPY",      "CREATE",    "CROSS",   "DATABASE",  "DECLARE",
    "DEFAULT",     "DELETE",  "DESC",      "DISTINCT",  "DO",      "DROP",      "DUPLICATE",
    "ELSE",        "END",     "EXCEPT",    "EXECUTE",   "EXISTS",  "EXPLAIN",   "FALSE",
    "FETCH",       "FOR",     "FROM",      "FULL",      "GRANT",   "GROUP",     "HAVING",
    "IGNORE",      "IN",      "INDEX",     "INNER",     "INSERT",  "INTERSECT", "INTERVAL",
    "INTO",        "IS",      "JOIN",      "KEY",       "LEFT",    "LIKE",      "LIMIT",
    "LOCK",        "NATURAL", "NOT",       "NULL",      "OFFSET",  "ON",        "OR",
    "ORDER",       "OUTER",   "OVER",      "PARTITION", "PREPARE", "RECURSIVE", "RELEASE",
    "RENAME",      "REPLACE", "RETURNING", "REVOKE",    "RIGHT",   "ROLLBACK",  "SAVEPOINT",
    "SELECT",      "SET",     "SHOW",      "START",     "TABLE",   "THEN",      "TO",
    "TRANSACTION", "TRUE",    "TRUNCATE",  "UNION",     "UNIQUE",  "UNLOCK",    "UPDATE",
    "USE",         "USING",   "VALUES",    "VIEW",      "WHEN",    "WHERE",     "WITH",
};
static_assert(std::is_sorted(std::begin(kKeywords), std::end(kKeywords)));
constexpr size_t kLongest = 11;

}  // namespace

std::string_view sql_keyword(std::string_view word) {
  if (word.size() > kLongest) return "";
  std::array<char, kLongest> upper;
  std::transform(word.begin(), word.end(), upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  const std::string_view wanted(upper.data(), word.size());
  const auto* found = std::lower_bound(std::begin(kKeywords), std::end(kKeywords), wanted);
  return found != std::end(kKeywords) && *found == wanted ? *found : "";
}

}  // namespace weir
