// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/observation_filter.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

class ObservationFilterTest : public ::testing::Test {
 protected:
  // Whether the observer's record of the one flow there is counts for nothing.
  bool is_duplicate(uint32_t observer, uint32_t first, uint32_t last) {
    CollectedFlow flow;
    flow.source = *IpAddress::parse("10.0.0.1");
    flow.destination = *IpAddress::parse("10.0.0.2");
    flow.first = {first, 0};
    flow.last = {last, 0};
    return filter_.is_duplicate(filter_.prefetch(flow, false), flow, observer);
  }

  ObservationFilter filter_{KeyedHash({0x1234567890abcdef, 0xfedcba0987654321, 3, 4}), 4096};
};

TEST_F(ObservationFilterTest, BelievesWhoWasFirstWhileHeGoesOn) {
  EXPECT_FALSE(is_duplicate(1, 1000, 1010));
  EXPECT_TRUE(is_duplicate(2, 1000, 1010));
  EXPECT_FALSE(is_duplicate(1, 1011, 1070));
  EXPECT_TRUE(is_duplicate(2, 1011, 1070));
}

TEST_F(ObservationFilterTest, BelievesAnotherAfterASilence) {
  EXPECT_FALSE(is_duplicate(1, 1000, 1010));
  EXPECT_TRUE(is_duplicate(2, 1010 + ObservationFilter::kSilence, 1100));
  EXPECT_FALSE(is_duplicate(2, 1011 + ObservationFilter::kSilence, 1100));
  EXPECT_TRUE(is_duplicate(1, 1101, 1110)) << "he was silent too long";
}

TEST_F(ObservationFilterTest, BelievesAnotherWhoseRecordsAllBeginWithTheFlow) {
  EXPECT_FALSE(is_duplicate(1, 1000, 1010));
  EXPECT_TRUE(is_duplicate(2, 1000, 1010 + ObservationFilter::kLongest));
  EXPECT_FALSE(is_duplicate(2, 1000, 1011 + ObservationFilter::kLongest));
}

}  // namespace
}  // namespace weir
