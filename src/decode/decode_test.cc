// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/decode.h"

#include <gtest/gtest.h>

#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

TEST(Decode, ReadsEthernetIpv4Udp) {
  const Bytes bytes = ethernet(0x0800, ipv4(17, udp(1000, 53, hex("abcd"))));
  const DecodedPacket packet = decode_bytes(bytes);
  EXPECT_EQ(flow_of(packet), "17 10.0.0.1:1000 10.0.0.2:53");
  EXPECT_FALSE(packet.is_v6);
  EXPECT_EQ(packet.error, DecodeError::kNone);
  EXPECT_EQ(packet.ethertype, 0x0800);
  EXPECT_EQ(packet.source_mac.to_string(), "02:00:00:00:00:02");
  EXPECT_EQ(packet.destination_mac.to_string(), "02:00:00:00:00:01");
  EXPECT_EQ(packet.payload, bytes.data() + 42);
  EXPECT_EQ(packet.payload_length, 2U);
  EXPECT_EQ(packet.payload_wire_length, 2U);
}

}  // namespace
}  // namespace weir
