// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <cerrno>
#include <memory>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Result, HoldsAValue) {
  Result<std::string> result(std::string("value"));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(*result, "value");
  EXPECT_EQ(result->size(), 5U);
  *result += "s";
  EXPECT_EQ(result.value(), "values");
}

TEST(Result, HoldsAnError) {
  const Result<int> result(Error{"no such thing", 2});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "no such thing");
  EXPECT_EQ(result.error().code, 2);
}

TEST(Result, HandsOutWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(*result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, OfNothingIsGoodUntilItHasAnError) {
  Result<void> result;
  EXPECT_TRUE(result);
  result = Error{"broken"};
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "broken");
}

TEST(Error, TakesAPhraseInFront) {
  const Error error = Error{"No such file", 2}.in("open x").in("start");
  EXPECT_EQ(error.message, "start: open x: No such file");
  EXPECT_EQ(error.code, 2);
}

TEST(Error, NamesWhatErrnoMeans) {
  const Error error = system_error("open eth7", ENOENT);
  EXPECT_EQ(error.message, "open eth7: No such file or directory");
  EXPECT_EQ(error.code, ENOENT);
}

}  // namespace
}  // namespace weir
