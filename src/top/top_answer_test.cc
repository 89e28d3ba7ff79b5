// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_answer.h"

#include <gtest/gtest.h>

#include "top/top_list.h"

namespace weir {
namespace {

TEST(TopAnswerTest, ReadsListsItemsAndProblems) {
  const TopAnswer list =
      read_top_answer(200, R"({"time":7.5,"total":9,"offset":2,"rows":[{"key":"a"}]})");
  EXPECT_EQ(list.total, 9U);
  EXPECT_EQ(list.offset, 2U);
  EXPECT_EQ(list.time, 7.5);
  EXPECT_EQ(list.rows.at(0)["key"], Value("a"));
  EXPECT_EQ(list.problem, "");
  const TopAnswer one = read_top_answer(200, R"({"key":"a"})");
  EXPECT_EQ(one.rows.at(0)["key"], Value("a"));
  const TopAnswer wrong = read_top_answer(400, R"({"detail":"no field \u001bx","column":3})");
  EXPECT_EQ(wrong.problem, "no field \\x1bx");
  EXPECT_EQ(wrong.column, 3);
}

TEST(TopAnswerTest, TrustsNothingThatAnswers) {
  for (const char* body : {"", "<html>", "[]", "7", "null"})
    EXPECT_EQ(read_top_answer(200, body).problem, "what answers there is no weir") << body;
  EXPECT_EQ(read_top_answer(502, "<html>").problem, "the server said 502");
  const TopAnswer odd =
      read_top_answer(200, R"({"time":"x","total":-5,"offset":"y","rows":[1,null,[]]})");
  EXPECT_EQ(odd.total, 0U);
  const TopColumn column{"key", "KEY", 5, TopFormat::kNumber};
  for (const Value& row : odd.rows) EXPECT_EQ(top_text(row, column, 0), "");
  EXPECT_EQ(read_top_answer(400, R"({"column":99999999999})").column, 1 << 16);
}

TEST(TopText, WritesEachKindOfField) {
  const Value row{Value::Object{
      {"n", 84'210}, {"t", 990.0}, {"s", 0.99999}, {"m", 1234.5}, {"v", Value::Array{1, 2}}}};
  const auto text = [&](const char* field, TopFormat format) {
    return top_text(row, {field, "", 6, format}, 1000);
  };
  EXPECT_EQ(text("n", TopFormat::kNumber), "84.2k");
  EXPECT_EQ(text("t", TopFormat::kAge), "10s");
  EXPECT_EQ(text("s", TopFormat::kShare), "99.99%");
  EXPECT_EQ(text("m", TopFormat::kMilliseconds), "1.23k");
  EXPECT_EQ(text("v", TopFormat::kText), "[1,2]");
  EXPECT_EQ(text("gone", TopFormat::kNumber), "");
}

TEST(TopLists, AreFoundByTheirPath) {
  EXPECT_EQ(top_lists()[find_top_list("flows")].name, "Flows");
  EXPECT_EQ(find_top_list("colours"), top_lists().size());
}

}  // namespace
}  // namespace weir
