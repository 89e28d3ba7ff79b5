// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/cached_places.h"

#include <gtest/gtest.h>

#include "record/test_places.h"

namespace weir {
namespace {

TEST(CachedPlaces, AskOncePerAddress) {
  const auto source = std::make_shared<test_places::FakePlaces>(test_places::office_and_example());
  const CachedPlaces places(source);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(places.of(*IpAddress::parse("192.0.2.7")).as_number, 64500U);
    EXPECT_EQ(places.of(*IpAddress::parse("10.1.0.1")).network, 1);
    EXPECT_EQ(places.of(*IpAddress::parse("::")), Place{});
  }
  EXPECT_EQ(source->asked, 3U);
}

TEST(CachedPlaces, AnswerLikeTheirSourceWhateverIsAsked) {
  const auto source = std::make_shared<test_places::FakePlaces>(test_places::office_and_example());
  const CachedPlaces places(source);
  const test_places::FakePlaces plain = test_places::office_and_example();
  for (unsigned round = 0; round < 2; ++round) {
    for (unsigned i = 0; i < 5000; ++i) {
      const std::string text = (i % 2 == 0 ? "10." : "192.") + std::to_string(i % 3) + "." +
                               std::to_string(i / 256) + "." + std::to_string(i % 256);
      const IpAddress address = *IpAddress::parse(text);
      ASSERT_EQ(places.of(address), plain.of(address)) << text;
    }
  }
}

}  // namespace
}  // namespace weir
