// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

constexpr std::string_view kFlow = "17 10.0.0.1:1000 10.0.0.2:53";
constexpr std::string_view kFlow6 = "17 2001:db8::1:1000 2001:db8::2:53";

Bytes datagram() {
  return ipv4(17, udp(1000, 53, hex("01")));
}
Bytes datagram6() {
  return ipv6(17, udp(1000, 53, hex("01")));
}

struct Case {
  std::string name;
  LinkType link_type;
  Bytes bytes;
  std::string_view flow;
  uint16_t ethertype = 0;
  DecodeError error = DecodeError::kNone;
  std::string_view tunnels = "";
};

void check(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    const DecodedPacket packet = decode_bytes(test.bytes, test.link_type);
    EXPECT_EQ(flow_of(packet), test.flow) << test.name;
    EXPECT_EQ(packet.ethertype, test.ethertype) << test.name;
    EXPECT_EQ(packet.error, test.error) << test.name;
    EXPECT_EQ(packet.tunnels.to_string(), test.tunnels) << test.name;
  }
}

TEST(Ethernet, GoesOnByEthertype) {
  constexpr auto kLink = LinkType::kEthernet;
  check({{"IPv4", kLink, ethernet(0x0800, datagram()), kFlow, 0x0800},
         {"IPv6", kLink, ethernet(0x86dd, datagram6()), kFlow6, 0x86dd},
         {"ARP", kLink, ethernet(0x0806, Bytes(28)), "no ip", 0x0806},
         {"LLDP", kLink, ethernet(0x88cc, Bytes(28)), "no ip", 0x88cc},
         {"between length and ethertype", kLink, ethernet(1501, Bytes(28)), "no ip", 1501},
         {"13 bytes", kLink, first(13, ethernet(0x0800, {})), "no ip", 0, DecodeError::kTruncated},
         {"nothing", kLink, {}, "no ip", 0, DecodeError::kTruncated}});
}

TEST(Llc, LeadsToIpBySapAndBySnap) {
  constexpr auto kLink = LinkType::kEthernet;
  const auto frame = [](const Bytes& payload) {
    return ethernet(static_cast<uint16_t>(payload.size()), payload);
  };
  check({{"SNAP", kLink, frame(hex("aaaa03 000000 0800") + datagram()), kFlow, 0x0800},
         {"bridge tunnel", kLink, frame(hex("aaaa03 0000f8 86dd") + datagram6()), kFlow6, 0x86dd},
         {"SAP 6", kLink, frame(hex("060603") + datagram()), kFlow, kEthertypeLlc},
         {"spanning tree", kLink, frame(hex("424203 0000")), "no ip", kEthertypeLlc},
         {"CDP", kLink, frame(hex("aaaa03 00000c 2000 02")), "no ip", kEthertypeLlc},
         {"cut", kLink, frame(hex("aaaa")), "no ip", kEthertypeLlc, DecodeError::kTruncated},
         {"cut SNAP", kLink, frame(hex("aaaa03 000000 08")), "no ip", kEthertypeLlc,
          DecodeError::kTruncated},
         {"VLAN", kLink,
          ethernet(0x8100, u16(5) + u16(31 + 5) + hex("aaaa03 000000 0800") + datagram()), kFlow,
          0x0800}});
}

TEST(Llc, DoesNotReadThePadding) {
  const Bytes bytes = ethernet(7, hex("aaaa03 000000 08") + hex("00 45000000"));
  EXPECT_EQ(decode_bytes(bytes).error, DecodeError::kTruncated);
}

TEST(Vlan, KeepsTagsOutermostFirst) {
  const Bytes bytes = ethernet(0x88a8, hex("e064 8100 0014 9100 0fff 86dd") + datagram6());
  const DecodedPacket packet = decode_bytes(bytes);
  EXPECT_EQ(flow_of(packet), kFlow6);
  EXPECT_EQ(packet.ethertype, 0x86dd);
  ASSERT_EQ(packet.vlan.count, 3);
  EXPECT_EQ(packet.vlan.ids, (std::array<uint16_t, 4>{100, 20, 4095, 0}));
}

TEST(Vlan, LeavesOutPriorityTags) {
  const DecodedPacket packet = decode_bytes(ethernet(0x8100, hex("a000 0800") + datagram()));
  EXPECT_EQ(flow_of(packet), kFlow);
  EXPECT_EQ(packet.vlan.count, 0);
}

TEST(Vlan, SaysWhenItIsCut) {
  const DecodedPacket packet = decode_bytes(ethernet(0x8100, hex("0064 08")));
  EXPECT_EQ(packet.error, DecodeError::kTruncated);
  EXPECT_EQ(packet.ethertype, 0x8100);
}

TEST(CiscoMetadata, IsSkipped) {
  constexpr auto kLink = LinkType::kEthernet;
  check({{"one option", kLink, ethernet(0x8909, hex("0101 0001 0007 0800") + datagram()), kFlow,
          0x0800},
         {"cut", kLink, ethernet(0x8909, hex("0102 0001 0007 0800")), "no ip", 0x8909,
          DecodeError::kTruncated}});
}

TEST(Pppoe, CarriesPppInSessionFrames) {
  constexpr auto kLink = LinkType::kEthernet;
  const auto session = [](const Bytes& ppp) { return hex("1100 0001") + u16(ppp.size()) + ppp; };
  check({{"IPv4", kLink, ethernet(0x8864, session(hex("0021") + datagram())), kFlow, 0x8864,
          DecodeError::kNone, "PPPoE"},
         {"IPv6, one byte", kLink, ethernet(0x8864, session(hex("57") + datagram6())), kFlow6,
          0x8864, DecodeError::kNone, "PPPoE"},
         {"LCP", kLink, ethernet(0x8864, session(hex("c021 0101 0004"))), "no ip", 0x8864},
         {"discovery", kLink, ethernet(0x8863, hex("1109 0000 0000")), "no ip", 0x8863},
         {"other code", kLink, ethernet(0x8864, hex("11a7 0000 0000")), "no ip", 0x8864},
         {"cut", kLink, ethernet(0x8864, hex("1100 00")), "no ip", 0x8864, DecodeError::kTruncated},
         {"length 1", kLink, ethernet(0x8864, hex("1100 0001 0001 0021")), "no ip", 0x8864,
          DecodeError::kTruncated},
         {"link type", LinkType::kPppEthernet, session(hex("0021") + datagram()), kFlow, 0,
          DecodeError::kNone, "PPPoE"}});
}

TEST(Ppp, ReadsSerialLinks) {
  check({{"plain", LinkType::kPpp, hex("0021") + datagram(), kFlow},
         {"address and control", LinkType::kPppHdlc, hex("ff03 0057") + datagram6(), kFlow6},
         {"IPCP", LinkType::kPpp, hex("8021 0101"), "no ip"},
         {"MPLS", LinkType::kPpp, hex("0281 00010140") + datagram(), kFlow, 0, DecodeError::kNone,
          "MPLS"},
         {"Cisco under a PPP link type", LinkType::kPppHdlc, hex("0f00 0800") + datagram(), kFlow,
          0x0800},
         {"cut", LinkType::kPpp, hex("ff03 00"), "no ip", 0, DecodeError::kTruncated},
         {"empty", LinkType::kPpp, {}, "no ip", 0, DecodeError::kTruncated}});
}

TEST(CiscoHdlc, GoesOnByEthertype) {
  constexpr auto kLink = LinkType::kCiscoHdlc;
  check({{"IPv4", kLink, hex("0f00 0800") + datagram(), kFlow, 0x0800},
         {"SLARP", kLink, hex("8f00 8035 00000002"), "no ip", 0x8035},
         {"cut", kLink, hex("0f00 08"), "no ip", 0, DecodeError::kTruncated}});
}

TEST(Mpls, FindsWhatIsBehindTheLabels) {
  constexpr auto kLink = LinkType::kEthernet;
  const Bytes bottom = hex("00065140");
  const Bytes frame = ethernet(0x0800, datagram());
  // An address that begins like an IPv4 header.
  Bytes frame_like_ip = frame;
  frame_like_ip[0] = 0x45;
  check(
      {{"IPv4", kLink, ethernet(0x8847, bottom + datagram()), kFlow, 0x8847, DecodeError::kNone,
        "MPLS"},
       {"two labels, IPv6", kLink, ethernet(0x8848, hex("00064040") + bottom + datagram6()), kFlow6,
        0x8848, DecodeError::kNone, "MPLS"},
       {"Ethernet", kLink, ethernet(0x8847, bottom + frame), kFlow, 0x8847, DecodeError::kNone,
        "MPLS"},
       {"control word", kLink, ethernet(0x8847, bottom + hex("00000000") + frame), kFlow, 0x8847,
        DecodeError::kNone, "MPLS"},
       {"Ethernet to 45:...", kLink, ethernet(0x8847, bottom + frame_like_ip), kFlow, 0x8847,
        DecodeError::kNone, "MPLS"},
       {"associated channel", kLink, ethernet(0x8847, bottom + hex("10000021 0000")), "no ip",
        0x8847},
       {"cut", kLink, ethernet(0x8847, hex("000640")), "no ip", 0x8847, DecodeError::kTruncated}});
}

TEST(Mpls, EndsAtSixteenLabels) {
  Bytes labels;
  for (int i = 0; i < 15; ++i) labels = labels + hex("00064040");
  const Bytes sixteen = labels + hex("00065140") + datagram();
  EXPECT_EQ(flow_of(decode_bytes(ethernet(0x8847, sixteen))), kFlow);
  EXPECT_EQ(decode_bytes(ethernet(0x8847, hex("00064040") + sixteen)).error, DecodeError::kTooDeep);
}

TEST(LinuxSll, GoesOnByEthertype) {
  constexpr auto kLink = LinkType::kLinuxSll;
  const Bytes start = hex("0000 0001 0006 0200000000020000");
  check({{"IPv4", kLink, start + hex("0800") + datagram(), kFlow, 0x0800},
         {"LLC", kLink, start + hex("0004 424203"), "no ip", kEthertypeLlc},
         {"raw 802.3", kLink, start + hex("0001 ffff"), "no ip"},
         {"netlink", kLink, hex("0004 0338 0000 0000000000000000 0800") + datagram(), "no ip"},
         {"cut", kLink, start, "no ip", 0, DecodeError::kTruncated}});
  const DecodedPacket packet = decode_bytes(start + hex("8100 0007 0800") + datagram(), kLink);
  EXPECT_EQ(packet.source_mac.to_string(), "02:00:00:00:00:02");
  EXPECT_FALSE(packet.destination_mac.is_known());
  EXPECT_EQ(packet.vlan.ids[0], 7);
}

TEST(LinuxSll2, GoesOnByEthertype) {
  constexpr auto kLink = LinkType::kLinuxSll2;
  const Bytes end = hex("0000 00000002 0001 00 06 0200000000020000");
  check({{"IPv4", kLink, hex("0800") + end + datagram(), kFlow, 0x0800},
         {"IPv6", kLink, hex("86dd") + end + datagram6(), kFlow6, 0x86dd},
         {"ARP", kLink, hex("0806") + end, "no ip", 0x0806},
         {"cut", kLink, first(19, hex("0800") + end), "no ip", 0, DecodeError::kTruncated}});
  EXPECT_EQ(decode_bytes(hex("0806") + end, kLink).source_mac.to_string(), "02:00:00:00:00:02");
}

TEST(NullLoopback, KnowsTheFamiliesInBothByteOrders) {
  check({{"little-endian 2", LinkType::kNull, hex("02000000") + datagram(), kFlow},
         {"big-endian 2", LinkType::kLoop, hex("00000002") + datagram(), kFlow},
         {"10", LinkType::kNull, hex("0a000000") + datagram6(), kFlow6},
         {"24", LinkType::kLoop, hex("00000018") + datagram6(), kFlow6},
         {"28", LinkType::kNull, hex("1c000000") + datagram6(), kFlow6},
         {"30", LinkType::kNull, hex("1e000000") + datagram6(), kFlow6},
         {"7", LinkType::kNull, hex("07000000") + datagram(), "no ip"},
         {"cut", LinkType::kNull, hex("020000"), "no ip", 0, DecodeError::kTruncated}});
}

TEST(RawIp, GoesOnByVersion) {
  check({{"IPv4", LinkType::kRaw, datagram(), kFlow},
         {"IPv6", LinkType::kRawBsd, datagram6(), kFlow6},
         {"IPv4 by link type", LinkType::kIpv4, datagram(), kFlow},
         {"IPv6 by link type", LinkType::kIpv6, datagram6(), kFlow6},
         {"version 5", LinkType::kRaw, hex("55") + Bytes(40), "no ip", 0, DecodeError::kBadVersion},
         {"empty", LinkType::kRaw, {}, "no ip", 0, DecodeError::kTruncated}});
}

TEST(Nflog, FindsThePayloadAmongTheAttributes) {
  constexpr auto kLink = LinkType::kNflog;
  const auto little = [](size_t value) {
    return Bytes{static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8)};
  };
  const Bytes start =
      hex("02 00 0000") + hex("0500 0a00 00 000000");  // an attribute of 5 bytes, padded
  check({{"IPv4", kLink, start + little(4 + 29) + hex("0900") + datagram() + hex("000000"), kFlow},
         {"IPv6", kLink, hex("0a000000") + little(4 + 49) + hex("0900") + datagram6(), kFlow6},
         {"none", kLink, start, "no ip", 0, DecodeError::kTruncated},
         {"length 3", kLink, hex("02000000 0300 0900") + datagram(), "no ip", 0,
          DecodeError::kBadLength},
         {"cut", kLink, hex("0200"), "no ip", 0, DecodeError::kTruncated}});
}

}  // namespace
}  // namespace weir
