// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/decode.h"

#include <gtest/gtest.h>

#include <cstring>

#include "decode/decode_properties.h"
#include "decode/dispatch.h"
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

TEST(Decode, RefusesLinkTypesItDoesNotKnow) {
  const DecodedPacket packet =
      decode_bytes(ethernet(0x0800, ipv4(17, {})), static_cast<LinkType>(147));
  EXPECT_EQ(packet.error, DecodeError::kUnknownLinkType);
  EXPECT_FALSE(packet.has_ip);
}

TEST(Decode, OverwritesWhateverWasInTheAnswer) {
  const Bytes bytes = ethernet(0x0806, hex("0001"));
  PacketView view;
  view.data = bytes.data();
  view.captured_length = view.wire_length = static_cast<uint32_t>(bytes.size());
  DecodedPacket clean;
  decode(view, clean);
  DecodedPacket used =
      decode_bytes(ethernet(0x8100, hex("0005 0800") + ipv4(6, tcp(1, 2, hex("00")))));
  used.icmp_type = used.icmp_code = 9;
  used.is_fragment = used.is_later_fragment = true;
  used.fragment_id = 9;
  decode(view, used);
  EXPECT_TRUE(same_answer(clean, used));
}

TEST(Decode, PutsTheTagThatTheKernelTookOffFirst) {
  const Bytes bytes = ethernet(0x8100, hex("0014 0800") + ipv4(17, udp(1, 2, {})));
  PacketView view;
  view.data = bytes.data();
  view.captured_length = view.wire_length = static_cast<uint32_t>(bytes.size());
  view.vlan_tpid = 0x88a8;
  view.vlan_tci = 0xe064;
  DecodedPacket packet;
  decode(view, packet);
  ASSERT_EQ(packet.vlan.count, 2);
  EXPECT_EQ(packet.vlan.ids[0], 100);
  EXPECT_EQ(packet.vlan.ids[1], 20);
}

TEST(Decode, CountsOnTheLengthsOfTheHeadersNotOnTheClaimedFrame) {
  const Bytes bytes = ethernet(0x0800, ipv4(17, udp(1, 2, Bytes(100))));
  PacketView view;
  view.data = bytes.data();
  view.captured_length = 60;
  view.wire_length = 0xf3fc'b8b0;  // 4 GB, as a damaged capture says
  DecodedPacket packet;
  decode(view, packet);
  EXPECT_EQ(packet.payload_length, 60U - 42U);
  EXPECT_EQ(packet.payload_wire_length, 100U);
  view.wire_length = 10;  // less than was captured
  decode(view, packet);
  EXPECT_EQ(packet.payload_wire_length, 60U - 42U);
}

TEST(Decode, StopsAtTheEndOfPatience) {
  Bytes tags;
  for (int i = 0; i < 60; ++i) tags = tags + hex("0001 8100");
  const DecodedPacket packet = decode_bytes(ethernet(0x8100, tags));
  EXPECT_EQ(packet.error, DecodeError::kTooDeep);
  EXPECT_EQ(packet.vlan.count, VlanTags::kMaxTags);
}

TEST(Decode, FollowsEightTunnelsAndNamesFour) {
  Bytes packet = ipv4(17, udp(7, 8, {}));
  for (int i = 0; i < 8; ++i) packet = ipv4(4, packet);
  const DecodedPacket eight = decode_bytes(ethernet(0x0800, packet));
  EXPECT_EQ(flow_of(eight), "17 10.0.0.1:7 10.0.0.2:8");
  EXPECT_EQ(eight.tunnels.to_string(), "IPIP/IPIP/IPIP/IPIP");
  const DecodedPacket nine = decode_bytes(ethernet(0x0800, ipv4(4, packet)));
  EXPECT_EQ(nine.error, DecodeError::kTooDeep);
  EXPECT_EQ(flow_of(nine), "4 10.0.0.1:0 10.0.0.2:0");
}

TEST(Decode, KeepsItsPropertiesAtEveryCut) {
  const Bytes whole = ethernet(
      0x8100,
      hex("0005 0800") +
          ipv4(17, udp(9, 4789, hex("08000000 00000100") + ethernet(0x0800, inner_datagram()))));
  for (size_t length = 0; length <= whole.size(); ++length) {
    const Bytes bytes = first(length, whole);
    PacketView view;
    view.data = bytes.data();
    view.captured_length = static_cast<uint32_t>(length);
    view.wire_length = static_cast<uint32_t>(whole.size());
    DecodedPacket packet;
    decode(view, packet);
    EXPECT_EQ(broken_property(view, packet), "") << "cut to " << length;
    EXPECT_EQ(packet.has_ip, length >= 38) << "cut to " << length;
  }
}

TEST(Decode, NamesItsErrors) {
  EXPECT_EQ(decode_error_name(DecodeError::kNone), "");
  EXPECT_EQ(decode_error_name(DecodeError::kTruncated), "truncated");
  EXPECT_EQ(decode_error_name(DecodeError::kEncrypted), "encrypted");
  EXPECT_EQ(decode_error_name(DecodeError::kCount), "");
}

TEST(LayerMap, RefusesASecondKeyInASlot) {
  LayerMap map;
  EXPECT_TRUE(map.insert(0x0800, Layer::kIpv4));
  EXPECT_FALSE(map.insert(0x0008, Layer::kIpv6));
  EXPECT_EQ(map.find(0x0800), Layer::kIpv4);
  EXPECT_EQ(map.find(0x0008), Layer::kDone);
}

}  // namespace
}  // namespace weir
