// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Target, SplitsPathAndParametersAndDecodesBothOnce) {
  const auto target = parse_target(
      "/api/v1/hosts/10.0.0.1%4020?filter=a+%3D+%22b%2522%22&limit=5&empty=&flag&&x=1=2");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/api/v1/hosts/10.0.0.1@20");
  EXPECT_THAT(target->parameters,
              ElementsAre(Pair("filter", "a = \"b%22\""), Pair("limit", "5"), Pair("empty", ""),
                          Pair("flag", ""), Pair("x", "1=2")));
}

TEST(Target, LeavesAPlusInThePathAlone) {
  EXPECT_EQ(parse_target("/a+b")->path, "/a+b");
}

TEST(Target, TakesTextOfAnyLanguage) {
  EXPECT_EQ(parse_target("/%C3%BC?q=%e6%b5%81")->path, "/ü");
  EXPECT_THAT(parse_target("/?")->parameters, IsEmpty());
}

TEST(Target, RefusesWhatIsNoCleanAddress) {
  for (const char* text :
       {"", "x", "*", "http://host/", "/%", "/%4", "/%zz", "/%00", "/a%0d%0ab", "/\x01", "/%ff",
        "/%c0%af", "/a#b", "/?a=%", "/?a=%0a", "/?%ff=1", "/?=1", "/?a=1&a=2", "/?a=1&%61=2"}) {
    EXPECT_FALSE(parse_target(text).ok()) << text;
  }
}

TEST(Target, NamesTheParameterThatIsGivenTwice) {
  const auto twice = parse_target("/?limit=1&a=2&limit=2");
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().parameter, "limit");
  EXPECT_EQ(parse_target("/?a=%").error().parameter, "");
}

TEST(Target, RefusesDotSegmentsHoweverTheyAreWritten) {
  for (const char* text : {"/..", "/../etc/passwd", "/a/../b", "/a/..", "/.", "/./a", "/%2e%2e/x",
                           "/a/%2e%2E", "/a%2f..%2fb", "/a/.%2e/b"}) {
    EXPECT_FALSE(parse_target(text).ok()) << text;
  }
  for (const char* text : {"/...", "/..a", "/a..", "/.hidden", "/%252e%252e/x"}) {
    EXPECT_TRUE(parse_target(text).ok()) << text;
  }
}

TEST(Target, HasLimits) {
  EXPECT_TRUE(parse_target("/" + std::string(Target::kMaxBytes - 1, 'a')).ok());
  EXPECT_FALSE(parse_target("/" + std::string(Target::kMaxBytes, 'a')).ok());
  std::string query = "/?";
  for (size_t i = 0; i < Target::kMaxParameters; ++i) query += "p" + std::to_string(i) + "&";
  EXPECT_EQ(parse_target(query)->parameters.size(), Target::kMaxParameters);
  EXPECT_THAT(parse_target(query + "more").error().message, HasSubstr("too many"));
}

}  // namespace
}  // namespace weir
