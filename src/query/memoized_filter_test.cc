// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/memoized_filter.h"

#include <map>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr auto kCountry = static_cast<uint8_t>(HostField::kCountry);
constexpr auto kAsName = static_cast<uint8_t>(HostField::kAsName);

// Countries and systems' names follow from one number.
uint8_t group_of(uint8_t field) {
  return field == kCountry || field == kAsName ? 3 : MemoizedTest::kAlone;
}

// A host whose fields are made of a number.
struct Row {
  uint64_t number = 0;
  std::map<uint8_t, size_t>* asked = nullptr;

  FieldValue operator()(uint8_t field) const {
    if (asked != nullptr) ++(*asked)[field];
    if (field == kCountry) return fmt::format("C{}", number % 7);
    if (field == kAsName) return fmt::format("system {}", number);
    if (field == static_cast<uint8_t>(HostField::kNames)) return std::string("printer");
    return {};
  }
};

auto holds_of(Row row) {
  return [row](const FilterTest& test, uint8_t field) { return test.holds(row(field)); };
}

class MemoizedFilterTest : public ::testing::Test {
 protected:
  [[nodiscard]] bool matches(MemoizedFilter& memoized, uint64_t number) {
    return memoized.matches(holds_of({number, &asked_}), [&](uint8_t group) {
      EXPECT_EQ(group, 3);
      return std::optional(number);
    });
  }
  // Of so many different hosts, twice, it says what the filter does.
  void expect_the_same(const std::string& text, uint64_t numbers) {
    const auto filter = Filter::parse(text, Entity::kHost);
    ASSERT_TRUE(filter.ok()) << text;
    MemoizedFilter memoized(*filter, group_of);
    for (uint64_t i = 0; i < 2 * numbers; ++i) {
      const uint64_t number = i % numbers * 0x9e3779b97f4a7c15 >> 11;
      ASSERT_EQ(matches(memoized, number), filter->matches(Row{number})) << text << ": " << number;
    }
  }

  std::map<uint8_t, size_t> asked_;
};

TEST_F(MemoizedFilterTest, AsksOnceForEachKey) {
  const auto filter = Filter::parse("nowhere or country = C1", Entity::kHost);
  ASSERT_TRUE(filter.ok());
  MemoizedFilter memoized(*filter, group_of);
  for (uint64_t i = 0; i < 1000; ++i) EXPECT_EQ(matches(memoized, i % 5), i % 5 == 1);
  // Of two tests, of which both look at countries and one at names.
  EXPECT_EQ(asked_[kCountry], 10U);
  EXPECT_EQ(asked_[kAsName], 5U);
  EXPECT_EQ(asked_[static_cast<uint8_t>(HostField::kNames)], 1000U);
}

TEST_F(MemoizedFilterTest, RemembersNothingOfWhatHasNoKey) {
  const auto filter = Filter::parse("country = C1", Entity::kHost);
  ASSERT_TRUE(filter.ok());
  MemoizedFilter memoized(*filter, group_of);
  const auto nobody = [](uint8_t) { return std::optional<uint64_t>(); };
  EXPECT_FALSE(memoized.matches([](const FilterTest&, uint8_t) { return false; }, nobody));
  EXPECT_TRUE(memoized.matches(holds_of({1}), nobody));
  EXPECT_FALSE(memoized.matches(holds_of({2}), nobody));
}

TEST_F(MemoizedFilterTest, SaysWhatTheFilterSays) {
  for (const char* text : {"", "printer", "\"system 1\"", "as_name ~ 42 and not country = C3",
                           "country in (C1, C2) or as_name ~ 7", "address = 10.0.0.1"})
    expect_the_same(text, 3000);
}

TEST_F(MemoizedFilterTest, RemembersNoMoreThanItHasRoomFor) {
  const auto filter = Filter::parse("country = C1 or as_name ~ 99", Entity::kHost);
  ASSERT_TRUE(filter.ok());
  MemoizedFilter memoized(*filter, group_of);
  constexpr uint64_t kNumbers = 10 * MemoizedTest::kMostEntries;
  for (uint64_t number = 0; number < kNumbers; ++number) {
    for (int again = 0; again < 3; ++again) {
      ASSERT_EQ(matches(memoized, number), filter->matches(Row{number})) << number;
    }
  }
  // Each was asked once, and of its system's name only when the country did not tell.
  EXPECT_EQ(asked_[kCountry], kNumbers);
  EXPECT_EQ(asked_[kAsName], kNumbers - (kNumbers + 5) / 7);
}

TEST_F(MemoizedFilterTest, GivesUpWhereRowsHaveNothingInCommon) {
  const auto filter = Filter::parse("country = C1", Entity::kHost);
  ASSERT_TRUE(filter.ok());
  MemoizedFilter memoized(*filter, group_of);
  const auto looks_at_two_alike = [&](uint64_t number) {
    asked_.clear();
    EXPECT_EQ(matches(memoized, number), matches(memoized, number));
    return asked_[kCountry];
  };
  EXPECT_EQ(looks_at_two_alike(0), 1U);
  for (uint64_t number = 1; number < 4 * MemoizedTest::kMostEntries; ++number)
    (void)matches(memoized, number);
  EXPECT_EQ(looks_at_two_alike(1'000'000), 2U);
}

TEST_F(MemoizedFilterTest, TakesAnyNumberOfTests) {
  std::string text = "country = C0";
  for (size_t i = 0; i < 2 * MemoizedFilter::kMostTests; ++i)
    text += fmt::format(" or as_name ~ \"{}1\"", i);
  expect_the_same(text, 1000);
}

}  // namespace
}  // namespace weir
