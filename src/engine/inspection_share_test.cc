// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/inspection_share.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(InspectionShare, IsWholeWhileNothingIsLost) {
  InspectionShare share;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(share.look(0), 1U);
}

TEST(InspectionShare, HalvesWithEachLossDownToItsFloor) {
  InspectionShare share;
  EXPECT_EQ(share.look(10), 2U);
  EXPECT_EQ(share.look(11), 4U);
  for (uint64_t lost = 12; lost < 40; ++lost) (void)share.look(lost);
  EXPECT_EQ(share.look(40), InspectionShare::kFewest);
}

TEST(InspectionShare, GrowsAgainSlowlyWhenTheLossesEnd) {
  InspectionShare share;
  (void)share.look(10);
  EXPECT_EQ(share.look(20), 4U);
  for (uint32_t i = 1; i < InspectionShare::kCalmLooks; ++i) EXPECT_EQ(share.look(20), 4U);
  EXPECT_EQ(share.look(20), 2U);
  for (uint32_t i = 1; i < InspectionShare::kCalmLooks; ++i) EXPECT_EQ(share.look(20), 2U);
  EXPECT_EQ(share.look(20), 1U);
}

}  // namespace
}  // namespace weir
