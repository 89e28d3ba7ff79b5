// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/value.h"

#include <limits>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Value, WritesEachKindAsJson) {
  EXPECT_EQ(to_json({}), "null");
  EXPECT_EQ(to_json(true), "true");
  EXPECT_EQ(to_json(false), "false");
  EXPECT_EQ(to_json("text"), "\"text\"");
  EXPECT_EQ(to_json(std::string_view("view")), "\"view\"");
  EXPECT_EQ(to_json(Value::Array{1, Value(), "x"}), "[1,null,\"x\"]");
  EXPECT_EQ(to_json(Value::Array{}), "[]");
  EXPECT_EQ(to_json(Value::Object{}), "{}");
}

TEST(Value, KeepsWholeNumbersWhole) {
  EXPECT_EQ(to_json(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(to_json(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(to_json(uint32_t{4294967295}), "4294967295");
  EXPECT_EQ(to_json(-7), "-7");
}

TEST(Value, WritesDoublesShortAndExact) {
  EXPECT_EQ(to_json(0.1), "0.1");
  EXPECT_EQ(std::stod(to_json(1700000000.123456)), 1700000000.123456);
  EXPECT_EQ(std::stod(to_json(1e-300)), 1e-300);
  EXPECT_EQ(to_json(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(to_json(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(Value, EscapesWhatJsonCannotHold) {
  EXPECT_EQ(to_json("\"\\\n\r\t"), R"("\"\\\n\r\t")");
  EXPECT_EQ(to_json(std::string("\0\x1f\x7f", 3)), R"("\u0000\u001f\u007f")");
  EXPECT_EQ(to_json("a/b"), "\"a/b\"");
}

TEST(Value, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(to_json("\xc3\xa4\xe6\xb5\x81"), "\"\xc3\xa4\xe6\xb5\x81\"");
  EXPECT_EQ(to_json("a\xffz"), "\"a\xef\xbf\xbdz\"");
  EXPECT_EQ(to_json("\xc3"), "\"\xef\xbf\xbd\"");
}

TEST(Value, KeepsMembersInTheirOrder) {
  Value object;
  object.set("z", 1);
  object.set("a", Value::Array{});
  object.set("\"", true);
  EXPECT_EQ(to_json(object), R"({"z":1,"a":[],"\"":true})");
}

TEST(Value, GivesNullForMembersThatAreNotThere) {
  Value object;
  object.set("there", "yes");
  EXPECT_EQ(object["there"], Value("yes"));
  EXPECT_TRUE(object["missing"].is_null());
  EXPECT_TRUE(Value(5)["there"].is_null());
  EXPECT_TRUE(object["there"]["deeper"].is_null());
}

TEST(Value, GrowsAnArrayFromNothing) {
  Value array;
  array.push(1);
  array.push("two");
  EXPECT_EQ(to_json(array), "[1,\"two\"]");
}

TEST(Value, GivesItsContentByType) {
  const Value number(uint64_t{5});
  ASSERT_NE(number.as<uint64_t>(), nullptr);
  EXPECT_EQ(*number.as<uint64_t>(), 5U);
  EXPECT_EQ(number.as<int64_t>(), nullptr);
  EXPECT_EQ(number.as<std::string>(), nullptr);
  Value text("a");
  *text.as<std::string>() += "b";
  EXPECT_EQ(text, Value("ab"));
  EXPECT_NE(Value(5), Value(uint64_t{5}));
}

}  // namespace
}  // namespace weir
