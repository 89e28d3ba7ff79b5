// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/drop_place.h"

#include <gtest/gtest.h>

#include <set>

namespace weir {
namespace {

TEST(DropPlace, HasANameOfItsOwn) {
  const std::set<std::string_view> names(kDropPlaceNames.begin(), kDropPlaceNames.end());
  EXPECT_EQ(names.size(), kDropPlaces);
  EXPECT_EQ(kDropPlaceNames[static_cast<size_t>(DropPlace::kPacketRing)], "packet_ring");
  EXPECT_EQ(kDropPlaceNames[static_cast<size_t>(DropPlace::kXdpOther)], "xdp_other");
  EXPECT_EQ(kDropPlaceNames[static_cast<size_t>(DropPlace::kLibpcapInterface)],
            "libpcap_interface");
  EXPECT_EQ(kDropPlaceNames[static_cast<size_t>(DropPlace::kNicDropped)], "nic_dropped");
}

// rx_dropped counted packets that weir had seen: of 19,000 replayed on a veth some hundred in VLANs
// that the machine does not have.
TEST(DropCounts, LeaveOutOfBothSumsWhatMayHaveBeenSeen) {
  DropCounts drops;
  for (size_t i = 0; i < kDropPlaces; ++i) drops.packets[i] = uint64_t{1} << i;
  EXPECT_EQ(drops.sum(is_kernel_drop), 0b00001111U);
  EXPECT_EQ(drops.sum(is_interface_drop), 0b01110000U);
  EXPECT_EQ(drops[DropPlace::kNicDropped], 0b10000000U);
}

}  // namespace
}  // namespace weir
