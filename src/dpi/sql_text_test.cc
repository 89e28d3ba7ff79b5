// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sql_text.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

std::string mysql(std::string_view statement) {
  return normalised_sql(statement, SqlDialect::kMysql);
}
std::string postgresql(std::string_view statement) {
  return normalised_sql(statement, SqlDialect::kPostgresql);
}

TEST(NormalisedSql, LeavesValuesCommentsAndSpacesOut) {
  const std::string expected = "SELECT * FROM t WHERE id = ? AND name LIKE ?";
  for (const std::string_view statement :
       {"SELECT * FROM t WHERE id = 17 AND name LIKE 'x%'",
        "select  *\tfrom t\nwhere id=-1.5e-3 and name like '' -- why",
        "/* a */ Select * From t Where id=0xfF And name Like 'it''s /* no */ -- comment'  ;",
        "select * from t where id = .5 and name like n'a';;"}) {
    EXPECT_EQ(mysql(statement), expected) << statement;
    EXPECT_EQ(postgresql(statement), expected) << statement;
  }
}

TEST(NormalisedSql, KeepsNamesAndConstants) {
  EXPECT_EQ(mysql("update `My Table`.t1 set a=NULL,b=true where c is not null"),
            "UPDATE `My Table`.t1 SET a = NULL, b = TRUE WHERE c IS NOT NULL");
  EXPECT_EQ(mysql("select count( * ),t.*,@@session.x,@y from t"),
            "SELECT count(*), t.*, @@session.x, @y FROM t");
  EXPECT_EQ(postgresql("select \"Name\"\"s\",a::text from s.t"),
            "SELECT \"Name\"\"s\", a::text FROM s.t");
  EXPECT_EQ(postgresql("select größe from t"), "SELECT größe FROM t");
}

TEST(NormalisedSql, FoldsListsOfAnyLength) {
  EXPECT_EQ(mysql("select a from t where b in (1)"), "SELECT a FROM t WHERE b IN (?)");
  EXPECT_EQ(mysql("select a from t where b in (1, 2,'3' ,4)"), "SELECT a FROM t WHERE b IN (?)");
  EXPECT_EQ(mysql("select a from t where (b,c) in ((1,2),(3,4),(5,6))"),
            "SELECT a FROM t WHERE (b, c) IN ((?))");
  EXPECT_EQ(postgresql("select array[1,2,3], f(a, 1, 2)"), "SELECT ARRAY[?], f(a, ?, ?)");
}

TEST(NormalisedSql, KeepsTheFirstOfManyRows) {
  EXPECT_EQ(mysql("insert into t(a,b) values (1,'x'),(2,NULL),(3,concat('a',now()))"),
            "INSERT INTO t(a, b) VALUES (?)");
  EXPECT_EQ(mysql("insert into t values (1,now()),(2,now()) on duplicate key update "
                  "a=values(a), b = values(b)"),
            "INSERT INTO t VALUES (?, now()) ON DUPLICATE KEY UPDATE a = VALUES (a), b = VALUES "
            "(b)");
  std::string rows = "INSERT INTO t VALUES (0)";
  for (int i = 0; i < 1000; ++i) rows += ", (" + std::to_string(i) + ", 'x')";
  EXPECT_EQ(postgresql(rows + " returning id"), "INSERT INTO t VALUES (?) RETURNING id");
}

TEST(NormalisedSql, KnowsHowEachDialectQuotes) {
  EXPECT_EQ(mysql(R"(select 'it\'s', "a \" b", _utf8'x', x'ff')"), "SELECT ?, ?, ?, ?");
  EXPECT_EQ(postgresql(R"(select 'c:\', E'it\'s', B'01', 'x')"), "SELECT ?, ?, ?, ?");
  EXPECT_EQ(postgresql("select $$it's$$, $a$ $$ $b$ $a$, $1, a$b"), "SELECT ?, ?, ?, a$b");
  EXPECT_EQ(postgresql("select 1 /* a /* b */ c */ + 2"), "SELECT ? + ?");
  EXPECT_EQ(mysql("select 1 /* a /* b */ + 2 # rest"), "SELECT ? + ?");
  EXPECT_EQ(mysql("/*!40101 SET NAMES utf8 */"), "SET NAMES utf8");
  EXPECT_EQ(mysql("select 5--3"), "SELECT ? - ?");
  EXPECT_EQ(postgresql("select a->>'b' #> '{c}', d @> e from t where f <> -1"),
            "SELECT a ->> ? #> ?, d @> e FROM t WHERE f <> ?");
}

TEST(NormalisedSql, EndsWithTextsAndCommentsThatDoNot) {
  EXPECT_EQ(mysql("select 'abc"), "SELECT ?");
  EXPECT_EQ(mysql("select 'abc\\"), "SELECT ?");
  EXPECT_EQ(mysql("select a /* abc"), "SELECT a");
  EXPECT_EQ(postgresql("select a /* /* abc */"), "SELECT a");
  EXPECT_EQ(postgresql("select a, \"abc"), "SELECT a,");
  EXPECT_EQ(postgresql("select $x$abc$y$"), "SELECT ?");
  EXPECT_EQ(mysql(""), "");
  EXPECT_EQ(mysql(std::string_view("\0\1 ;", 4)), "");
}

TEST(NormalisedSql, CutsBetweenTokens) {
  std::string statement = "SELECT a0";
  for (int i = 1; i < 100; ++i) statement += ", column_" + std::to_string(i);
  const std::string text = mysql(statement);
  EXPECT_LE(text.size(), kMaxSqlTextBytes);
  EXPECT_GT(text.size(), kMaxSqlTextBytes - 12);
  EXPECT_TRUE(statement.starts_with(text));
  EXPECT_TRUE(text.ends_with(',') || statement[text.size()] == ',');
}

TEST(NormalisedSql, SaysItsOwnResultAgain) {
  for (const std::string_view statement :
       {"a . - 5", ":: : < ::", "? :: ? ( ?, ? ), (?), (?)", "(- - /  * 5)", "values (a), b (",
        "values", "e 'x' . * / `a\n`", "t . * . ? ? -5 [1, 2] -5"}) {
    EXPECT_EQ(mysql(mysql(statement)), mysql(statement)) << statement;
    EXPECT_EQ(postgresql(postgresql(statement)), postgresql(statement)) << statement;
  }
}

TEST(BeginsLikeSql, LooksAtTheFirstWord) {
  EXPECT_TRUE(begins_like_sql("select 1"));
  EXPECT_TRUE(begins_like_sql(" (SELECT 1)"));
  EXPECT_TRUE(begins_like_sql("COMMIT"));
  EXPECT_TRUE(begins_like_sql("rollback;"));
  EXPECT_FALSE(begins_like_sql("selective"));
  EXPECT_FALSE(begins_like_sql("WHERE"));
  EXPECT_FALSE(begins_like_sql(""));
}

}  // namespace
}  // namespace weir
