// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/packet_sender.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(PacketSender, SaysThatThereIsNoSuchInterface) {
  const auto sender = PacketSender::open("weir-none0", 64);
  ASSERT_FALSE(sender);
  EXPECT_EQ(sender.error().message, "send on weir-none0: no such interface; 'ip link' lists them");
}

}  // namespace
}  // namespace weir
