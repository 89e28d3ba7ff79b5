// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// Whose rules for quotes and comments hold.
enum class SqlDialect : uint8_t {
  kMysql,       // "text", `name`, backslash escapes, # comments, /*! text that counts */
  kPostgresql,  // "name", $tag$text$tag$, E'escapes', nested comments
};

inline constexpr size_t kMaxSqlTextBytes = 256;

// What statements that differ only in their values have in common: "SELECT * FROM t WHERE id = ?"
// of "select *  from t where id=17 -- why". Numbers, texts, bit strings and parameters are "?";
// TRUE, FALSE, NULL and DEFAULT stay. Comments are left out. Keywords are in upper case, names as
// they are; between tokens there is one space or none, always the same. A list of values in
// parentheses or brackets is "(?)", a list of such lists too, and of the rows of VALUES only the
// first stays. At most kMaxSqlTextBytes, cut between tokens; no control characters. The same text
// again when it is given its own result. A text or a comment that does not end reaches to the end:
// statements may be given cut, and of a word at the cut the result knows only the part.
// Cost: linear in `statement`.
// Source: MySQL 8.0 Reference Manual, 9 and 12.10; PostgreSQL 15, 4.1.
[[nodiscard]] std::string normalised_sql(std::string_view statement, SqlDialect dialect);

// Whether the text begins with a word that begins statements, as SELECT or COMMIT.
[[nodiscard]] bool begins_like_sql(std::string_view text);

}  // namespace weir
