// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ethertype.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Ethertype, IsNamed) {
  EXPECT_EQ(ethertype_name(0x0806), "ARP");
  EXPECT_EQ(ethertype_name(0x88cc), "LLDP");
  EXPECT_EQ(ethertype_name(0x0001), "LLC");
  EXPECT_EQ(ethertype_name(0), "none");
}

TEST(Ethertype, WithoutANameIsShownAsNumber) {
  EXPECT_EQ(ethertype_name(0x88b5), "0x88b5");
  EXPECT_EQ(ethertype_name(0x00ff), "0x00ff");
}

}  // namespace
}  // namespace weir
