// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_reader.h"

#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(JsonReader, ReadsBackWhatIsWritten) {
  for (const char* text :
       {R"({"a":[1,-2,2.5,"x\"\n",true,false,null],"b":{},"c":[]})", "[]", "\"\"", "0", "null",
        "18446744073709551615", "-9223372036854775808", R"(["ü€"])"}) {
    const auto value = parse_json(text);
    ASSERT_TRUE(value.ok()) << text;
    EXPECT_EQ(to_json(*value), text);
  }
}

TEST(JsonReader, RefusesWhatIsNoJson) {
  for (const char* text : {"", " ", "{", "[1,]", "{'a':1}", "nul", "1 2", "\"\x01\"", "\"\xff\"",
                           "NaN", "[1", "{\"a\"}", "\"\\ud800\""}) {
    EXPECT_FALSE(parse_json(text).ok()) << text;
  }
}

TEST(JsonReader, RefusesWhatIsNestedTooDeep) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(kMaxJsonDepth - 1)).ok());
  EXPECT_FALSE(parse_json(nested(kMaxJsonDepth + 1)).ok());
  EXPECT_FALSE(parse_json(nested(1'000'000)).ok());
}

}  // namespace
}  // namespace weir
