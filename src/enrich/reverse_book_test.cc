// SPDX-License-Identifier: GPL-3.0-or-later
#include "enrich/reverse_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrich/rate_limit.h"

namespace weir {
namespace {

using Kind = ReverseAnswer::Kind;
using std::chrono::seconds;
using ::testing::Optional;

IpAddress address(int last) {
  return *IpAddress::parse("10.0." + std::to_string(last / 256) + "." + std::to_string(last % 256));
}
ReverseAnswer named(const std::string& name, int ttl = 60) {
  return {Kind::kName, name, seconds(ttl)};
}
uint64_t figure(const ReverseBook& book, std::string_view name) {
  Value out;
  book.add_statistics(out);
  return *out[name].as<uint64_t>();
}

TEST(ReverseBook, AsksForEachAddressOnceUntilItsTimeIsOver) {
  ReverseBook book({});
  EXPECT_TRUE(book.want(address(1), seconds(0)));
  EXPECT_FALSE(book.want(address(1), seconds(0)));
  EXPECT_TRUE(book.want(address(2), seconds(0)));
  EXPECT_THAT(book.take_pending(), Optional(address(1)));
  EXPECT_FALSE(book.want(address(1), seconds(0))) << "it is being asked for";
  EXPECT_FALSE(book.has_names());
  book.learn(address(1), named("a.example"), seconds(0), seconds(5));
  EXPECT_TRUE(book.has_names());
  EXPECT_EQ(book.name(address(1), seconds(0)), "a.example");
  EXPECT_FALSE(book.want(address(1), seconds(4)));
  EXPECT_TRUE(book.want(address(1), seconds(5)));
  EXPECT_EQ(book.name(address(1), seconds(5)), "a.example") << "until something else is known";
  EXPECT_EQ(book.name(address(2), seconds(5)), "");
  EXPECT_THAT(book.take_pending(), Optional(address(2)));
  EXPECT_THAT(book.take_pending(), Optional(address(1)));
  EXPECT_EQ(book.take_pending(), std::nullopt);
}

TEST(ReverseBook, ForgetsANameThatIsGone) {
  ReverseBook book({});
  book.learn(address(1), named("a.example"), seconds(0), seconds(5));
  book.learn(address(1), {}, seconds(10), seconds(5));
  EXPECT_EQ(book.name(address(1), seconds(10)), "a.example") << "nobody told otherwise";
  book.learn(address(1), {}, seconds(3'600), seconds(5));
  EXPECT_EQ(book.name(address(1), seconds(3'605)), "a.example");
  EXPECT_EQ(book.name(address(1), seconds(3'606)), "") << "nor that it is so still";
  book.learn(address(1), named("b.example"), seconds(4'000), seconds(5));
  EXPECT_EQ(figure(book, "names"), 1U);
  book.learn(address(1), {Kind::kNoName, {}, {}}, seconds(4'001), seconds(5));
  EXPECT_EQ(book.name(address(1), seconds(4'001)), "");
  EXPECT_EQ(figure(book, "names"), 0U);
  EXPECT_EQ(figure(book, "addresses"), 1U);
}

TEST(ReverseBook, BoundsLifetimes) {
  const ReverseBook book({});
  EXPECT_EQ(book.lifetime(named("a", 0)), seconds(5));
  EXPECT_EQ(book.lifetime(named("a", 60)), seconds(60));
  EXPECT_EQ(book.lifetime(named("a", 2'000'000'000)), seconds(86'400));
  EXPECT_EQ(book.lifetime({Kind::kNoName, {}, {}}), seconds(300));
  EXPECT_EQ(book.lifetime({Kind::kBadName, {}, {}}), seconds(300));
  EXPECT_EQ(book.lifetime({}), seconds(60));
}

TEST(ReverseBook, KeepsItsLimits) {
  ReverseBook book({.names = 3, .pending = 2});
  for (int i = 0; i < 5; ++i) book.want(address(i), seconds(0));
  EXPECT_EQ(figure(book, "pending"), 2U);
  EXPECT_EQ(figure(book, "refused"), 3U);
  for (int i = 0; i < 5; ++i) {
    book.learn(address(i), named("n" + std::to_string(i)), seconds(i), seconds(60));
    book.learn(address(0), named("zero"), seconds(i), seconds(60));
  }
  EXPECT_EQ(figure(book, "addresses"), 3U);
  EXPECT_EQ(figure(book, "names"), 3U);
  EXPECT_EQ(figure(book, "forgotten"), 2U);
  EXPECT_EQ(book.name(address(1), seconds(5)), "");
  EXPECT_EQ(book.name(address(0), seconds(5)), "zero") << "it was confirmed";
  EXPECT_EQ(book.name(address(4), seconds(5)), "n4");
}

TEST(RateLimit, AllowsSoManyASecond) {
  using std::chrono::milliseconds;
  RateLimit limit(10, 3);
  const RateLimit::Clock::time_point start(seconds(100));
  int allowed = 0;
  for (int i = 0; i < 100; ++i) allowed += limit.take(start) ? 1 : 0;
  EXPECT_EQ(allowed, 3);
  EXPECT_EQ(limit.wait(), milliseconds(100));
  EXPECT_FALSE(limit.take(start + milliseconds(99)));
  EXPECT_TRUE(limit.take(start + milliseconds(101)));
  for (int i = 0; i < 1000; ++i) allowed += limit.take(start + milliseconds(102 + i)) ? 1 : 0;
  EXPECT_NEAR(allowed, 13, 1);
  EXPECT_TRUE(limit.take(start + seconds(1'000)));
}

}  // namespace
}  // namespace weir
