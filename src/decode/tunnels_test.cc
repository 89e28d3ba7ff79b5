// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

constexpr std::string_view kInner6 = "17 2001:db8::1:7 2001:db8::2:8";

Bytes inner_frame() {
  return ethernet(0x0800, inner_datagram());
}
Bytes inner6() {
  return ipv6(17, udp(7, 8, hex("aa")));
}

// What is in an IP datagram: protocol 17 stands for a UDP port, that of the destination.
struct Case {
  std::string name;
  Bytes bytes;
  std::string_view flow;
  std::string_view tunnels;
  DecodeError error = DecodeError::kNone;
};

void check(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    const DecodedPacket packet = decode_bytes(test.bytes, LinkType::kRaw);
    EXPECT_EQ(flow_of(packet), test.flow) << test.name;
    EXPECT_EQ(packet.tunnels.to_string(), test.tunnels) << test.name;
    EXPECT_EQ(packet.error, test.error) << test.name;
    if (test.flow == kInnerFlow) {
      EXPECT_EQ(packet.payload_length, 4U) << test.name;
    }
  }
}

TEST(IpInIp, GoesInward) {
  check({{"IPIP", ipv4(4, inner_datagram()), kInnerFlow, "IPIP"},
         {"6in4", ipv4(41, inner6()), kInner6, "6in4"},
         {"4in6", ipv6(4, inner_datagram()), kInnerFlow, "4in6"},
         {"6in6", ipv6(41, inner6()), kInner6, "6in6"},
         {"behind options", ipv6(60, hex("04 00 0104 00000000") + inner_datagram()), kInnerFlow,
          "4in6"}});
}

TEST(IpInIp, KeepsTheOuterFlowWhenTheInnerHeaderIsBad) {
  constexpr std::string_view kOuter4 = "4 10.0.0.1:0 10.0.0.2:0";
  Bytes bad_length = inner_datagram();
  bad_length[3] = 19;
  check({{"bad length", ipv4(4, bad_length), kOuter4, "", DecodeError::kBadLength},
         {"bad version", ipv4(4, inner6()), kOuter4, "", DecodeError::kBadVersion},
         {"cut", ipv4(4, first(19, inner_datagram())), kOuter4, "", DecodeError::kTruncated},
         {"empty", ipv4(41, {}), "41 10.0.0.1:0 10.0.0.2:0", "", DecodeError::kTruncated}});
}

TEST(IpInIp, ForgetsTheFragmentsOfTheOuterHeader) {
  const DecodedPacket packet = decode_bytes(ipv4(4, inner_datagram(), 0x2000), LinkType::kRaw);
  EXPECT_EQ(flow_of(packet), kInnerFlow);
  EXPECT_FALSE(packet.is_fragment);
  EXPECT_EQ(packet.fragment_id, 0U);
}

TEST(Gre, ReadsAllItsForms) {
  check(
      {{"plain", ipv4(47, hex("0000 0800") + inner_datagram()), kInnerFlow, "GRE"},
       {"IPv6", ipv4(47, hex("0000 86dd") + inner6()), kInner6, "GRE"},
       {"check sum", ipv4(47, hex("8000 0800 00000000") + inner_datagram()), kInnerFlow, "GRE"},
       {"key and sequence", ipv4(47, hex("3000 0800 00000001 00000002") + inner_datagram()),
        kInnerFlow, "GRE"},
       {"routing",
        ipv4(47, hex("4000 0800 00000000 0800 00 04 01020304 00000000") + inner_datagram()),
        kInnerFlow, "GRE"},
       {"NVGRE", ipv4(47, hex("2000 6558 00123400") + inner_frame()), kInnerFlow, "GRE"},
       {"MPLS", ipv4(47, hex("0000 8847 00010140") + inner_datagram()), kInnerFlow, "GRE/MPLS"},
       {"PPTP", ipv4(47, hex("3081 880b 0024 0001 00000001 00000002 ff03 0021") + inner_datagram()),
        kInnerFlow, "GRE"},
       {"WCCP 1", ipv4(47, hex("0000 883e") + inner_datagram()), kInnerFlow, "GRE"},
       {"WCCP 2", ipv4(47, hex("0000 883e 00000000") + inner_datagram()), kInnerFlow, "GRE"},
       {"Cisco MetaData", ipv4(47, hex("0000 8909 0800 0101 0001 0007") + inner_datagram()),
        kInnerFlow, "GRE"}});
}

TEST(Gre, KeepsItsOwnFlowForWhatItCannotRead) {
  constexpr std::string_view kOuter = "47 10.0.0.1:0 10.0.0.2:0";
  check({{"keep-alive", ipv4(47, hex("0000 0000")), kOuter, ""},
         {"CDP", ipv4(47, hex("0000 2000 aabb")), kOuter, ""},
         {"PPTP acknowledgement", ipv4(47, hex("2081 880b 0000 0001 00000002")), kOuter, ""},
         {"ARP in NVGRE", ipv4(47, hex("2000 6558 00123400") + ethernet(0x0806, Bytes(28))), kOuter,
          ""},
         {"version 2", ipv4(47, hex("0002 0800") + inner_datagram()), kOuter, "",
          DecodeError::kBadVersion},
         {"cut", ipv4(47, hex("0000 08")), kOuter, "", DecodeError::kTruncated},
         {"cut key", ipv4(47, hex("2000 0800 0000")), kOuter, "", DecodeError::kTruncated},
         {"endless routing", ipv4(47, hex("4000 0800 00000000 0800 00 ff 01")), kOuter, "",
          DecodeError::kTruncated},
         {"bad inner header", ipv4(47, hex("0000 0800") + Bytes(20)), kOuter, "",
          DecodeError::kBadVersion}});
}

TEST(Erspan, ReadsTheThreeTypes) {
  constexpr std::string_view kOuter = "47 10.0.0.1:0 10.0.0.2:0";
  const Bytes type3 = hex("1000 22eb 00000001 2000 0000 00000000 0000");
  check({{"I", ipv4(47, hex("0000 88be") + inner_frame()), kInnerFlow, "ERSPAN"},
         {"II", ipv4(47, hex("1000 88be 00000001 1001 0000 00000000") + inner_frame()), kInnerFlow,
          "ERSPAN"},
         {"III", ipv4(47, type3 + hex("0000") + inner_frame()), kInnerFlow, "ERSPAN"},
         {"III with subheader", ipv4(47, type3 + hex("0001 0000000000000000") + inner_frame()),
          kInnerFlow, "ERSPAN"},
         {"version 3", ipv4(47, hex("1000 88be 00000001 3001 0000 00000000")), kOuter, "",
          DecodeError::kBadVersion},
         {"cut", ipv4(47, hex("1000 88be 00000001 1001 0000")), kOuter, "",
          DecodeError::kTruncated}});
}

TEST(EtherIp, CarriesAFrame) {
  check({{"frame", ipv4(97, hex("3000") + inner_frame()), kInnerFlow, "EtherIP"},
         {"version 4", ipv4(97, hex("4000") + inner_frame()), "97 10.0.0.1:0 10.0.0.2:0", "",
          DecodeError::kBadVersion},
         {"cut", ipv4(97, hex("30")), "97 10.0.0.1:0 10.0.0.2:0", "", DecodeError::kTruncated}});
}

TEST(MplsInIp, IsRead) {
  check({{"IPv4", ipv4(137, hex("00010140") + inner_datagram()), kInnerFlow, "MPLS"}});
}

TEST(Vxlan, ReadsItsVariants) {
  const auto to = [](uint16_t port, const Bytes& payload) {
    return ipv4(17, udp(40000, port, payload));
  };
  check({{"4789", to(4789, hex("08000000 00000100") + inner_frame()), kInnerFlow, "VXLAN"},
         {"8472", to(8472, hex("08000000 00000100") + inner_frame()), kInnerFlow, "VXLAN"},
         {"group policy", to(4789, hex("88000007 00000100") + inner_frame()), kInnerFlow, "VXLAN"},
         {"GPE IPv4", to(4790, hex("0c000001 00000100") + inner_datagram()), kInnerFlow, "VXLAN"},
         {"GPE IPv6", to(4790, hex("0c000002 00000100") + inner6()), kInner6, "VXLAN"},
         {"GPE Ethernet", to(4790, hex("0c000003 00000100") + inner_frame()), kInnerFlow, "VXLAN"},
         {"GPE MPLS", to(4790, hex("0c000005 00000100 00010140") + inner_datagram()), kInnerFlow,
          "VXLAN/MPLS"},
         {"answer", ipv4(17, udp(4789, 40000, hex("08000000 00000100") + inner_frame())),
          kInnerFlow, "VXLAN"}});
}

TEST(Vxlan, IsNoneWhenTheContentIsNot) {
  constexpr std::string_view kOuter = "17 10.0.0.1:40000 10.0.0.2:4789";
  const auto with = [](const Bytes& payload) { return ipv4(17, udp(40000, 4789, payload)); };
  Bytes too_long = inner_frame();
  too_long[16] = 0xff;
  Bytes no_length = inner_frame();
  no_length[16] = no_length[17] = 0;
  const Bytes start = hex("08000000 00000100");
  check({{"I bit", with(hex("00000000 00000100") + inner_frame()), kOuter, ""},
         {"reserved byte", with(hex("08000000 00000101") + inner_frame()), kOuter, ""},
         {"version", with(start + ethernet(0x0800, inner6())), kOuter, ""},
         {"total length beyond", with(start + too_long), kOuter, ""},
         {"total length 0", with(start + no_length), kOuter, ""},
         {"cut frame", with(start + first(10, inner_frame())), kOuter, ""},
         {"GPE of nothing known", with(hex("0c000009 00000100") + inner_datagram()), kOuter, ""},
         {"ARP", with(start + ethernet(0x0806, Bytes(28))), kOuter, ""},
         {"empty", with({}), kOuter, ""}});
}

TEST(Vxlan, LeavesThePayloadOfTheOuterDatagramWhenItIsNone) {
  const Bytes bytes = ipv4(17, udp(40000, 4789, hex("00010203 0405")));
  const DecodedPacket packet = decode_bytes(bytes, LinkType::kRaw);
  EXPECT_EQ(packet.payload, bytes.data() + 28);
  EXPECT_EQ(packet.payload_length, 6U);
}

TEST(Vxlan, AddsInnerTagsOnlyToTheInnerFlow) {
  const Bytes start = hex("08000000 00000100");
  const auto with = [&start](const Bytes& frame) {
    return decode_bytes(ethernet(0x8100, hex("0005 0800") + ipv4(17, udp(9, 4789, start + frame))));
  };
  const DecodedPacket inner = with(ethernet(0x8100, hex("0006 0800") + inner_datagram()));
  ASSERT_EQ(inner.vlan.count, 2);
  EXPECT_EQ(inner.vlan.ids[1], 6);
  EXPECT_EQ(inner.ethertype, 0x0800);
  EXPECT_EQ(inner.source_mac.to_string(), "02:00:00:00:00:02");
  EXPECT_EQ(with(ethernet(0x8100, hex("0006 0806") + Bytes(28))).vlan.count, 1) << "ARP";
}

TEST(Vxlan, IsFollowedInTheFirstFragmentOfItsDatagram) {
  const Bytes frame = ethernet(0x0800, inner_ipv4(17, udp(5000, 53, Bytes(99))));
  const Bytes whole = udp(9, 4789, hex("08000000 00000100") + frame);
  const DecodedPacket packet = decode_bytes(ipv4(17, first(80, whole), 0x2000), LinkType::kRaw);
  EXPECT_EQ(flow_of(packet), kInnerFlow);
  EXPECT_EQ(packet.payload_length, 22U);
  EXPECT_EQ(packet.payload_wire_length, 22U);
}

TEST(Vxlan, IsFollowedThroughJoinedSegments) {
  Bytes frame = inner_frame();
  frame[16] = frame[17] = 0;
  Bytes bytes = ipv4(17, udp(9, 4789, hex("08000000 00000100") + frame));
  bytes[2] = bytes[3] = bytes[24] = bytes[25] = 0;
  check({{"lengths of 0", bytes, kInnerFlow, "VXLAN"}});
}

TEST(Geneve, SkipsOptions) {
  constexpr std::string_view kOuter = "17 10.0.0.1:40000 10.0.0.2:6081";
  const auto with = [](const Bytes& payload) { return ipv4(17, udp(40000, 6081, payload)); };
  check({{"Ethernet", with(hex("0000 6558 00000100") + inner_frame()), kInnerFlow, "Geneve"},
         {"options, IPv4", with(hex("0240 0800 00000100 0102 8001 aabbccdd") + inner_datagram()),
          kInnerFlow, "Geneve"},
         {"version 1", with(hex("4000 6558 00000100") + inner_frame()), kOuter, ""},
         {"reserved bits", with(hex("0001 6558 00000100") + inner_frame()), kOuter, ""},
         {"reserved byte", with(hex("0000 6558 00000101") + inner_frame()), kOuter, ""},
         {"options beyond the end", with(hex("3f00 6558 00000100") + inner_frame()), kOuter, ""},
         {"cut", with(hex("0000 6558 0000")), kOuter, ""}});
}

TEST(GtpU, SkipsOptionalFieldsAndExtensions) {
  constexpr std::string_view kOuter = "17 10.0.0.1:2152 10.0.0.2:2152";
  const auto with = [](std::string_view flags_and_type, const Bytes& body) {
    return ipv4(17,
                udp(2152, 2152, hex(flags_and_type) + u16(body.size()) + hex("00000001") + body));
  };
  check({{"plain", with("30ff", inner_datagram()), kInnerFlow, "GTP-U"},
         {"IPv6", with("30ff", inner6()), kInner6, "GTP-U"},
         {"sequence", with("32ff", hex("00010000") + inner_datagram()), kInnerFlow, "GTP-U"},
         {"two extensions",
          with("34ff", hex("00000085 0110 0185 02 0000000000 0000") + inner_datagram()), kInnerFlow,
          "GTP-U"},
         {"extension of length 0", with("34ff", hex("00000085 00100100") + inner_datagram()),
          kOuter, ""},
         {"endless extensions", with("34ff", hex("00000085 01100185")), kOuter, ""},
         {"echo", with("3201", hex("00010000")), kOuter, ""},
         {"version 2", with("48ff", inner_datagram()), kOuter, ""},
         {"no IP", with("30ff", hex("aabbccdd")), kOuter, ""},
         {"cut", ipv4(17, udp(2152, 2152, hex("30ff 0000"))), kOuter, ""}});
}

TEST(L2tp, Version2CarriesPpp) {
  constexpr std::string_view kOuter = "17 10.0.0.1:1701 10.0.0.2:1701";
  const auto with = [](const Bytes& payload) { return ipv4(17, udp(1701, 1701, payload)); };
  check(
      {{"plain", with(hex("0002 0001 0002 ff03 0021") + inner_datagram()), kInnerFlow, "L2TP"},
       {"all fields", with(hex("4a02 0000 0001 0002 0003 0004 0002 ffff 0021") + inner_datagram()),
        kInnerFlow, "L2TP"},
       {"control", with(hex("c802 0014 0001 0000 0000 0000 0021") + inner_datagram()), kOuter, ""},
       {"LCP", with(hex("0002 0001 0002 ff03 c021 0101")), kOuter, ""},
       {"version 1", with(hex("0001 0001 0002 ff03 0021") + inner_datagram()), kOuter, ""},
       {"empty", with({}), kOuter, ""}});
}

TEST(L2tp, Version3IsLookedThrough) {
  constexpr std::string_view kOuter = "115 10.0.0.1:0 10.0.0.2:0";
  check({{"IP, no cookie", ipv4(115, hex("00000001") + inner_frame()), kInnerFlow, "L2TP"},
         {"IP, cookie and sublayer",
          ipv4(115, hex("00000001 1122334455667788 40000001") + inner_frame()), kInnerFlow, "L2TP"},
         {"IP, PPP", ipv4(115, hex("00000001 ff030021") + inner_datagram()), kInnerFlow, "L2TP"},
         {"UDP", ipv4(17, udp(1701, 1701, hex("0003 0000 00000001") + inner_frame())), kInnerFlow,
          "L2TP"},
         {"control", ipv4(115, hex("00000000 c803 0014") + inner_frame()), kOuter, ""},
         {"something else", ipv4(115, hex("00000001") + Bytes(40)), kOuter, ""}});
}

TEST(Teredo, SkipsAuthenticationAndOrigin) {
  constexpr std::string_view kOuter = "17 10.0.0.1:40000 10.0.0.2:3544";
  const auto with = [](const Bytes& payload) { return ipv4(17, udp(40000, 3544, payload)); };
  check({{"plain", with(inner6()), kInner6, "Teredo"},
         {"origin", with(hex("0000 1234 01020304") + inner6()), kInner6, "Teredo"},
         {"both", with(hex("0001 01 02 aa bbbb 1122334455667788 00 0000 1234 01020304") + inner6()),
          kInner6, "Teredo"},
         {"IPv4", with(inner_datagram()), kOuter, ""},
         {"payload length beyond", with(first(44, inner6())), kOuter, ""},
         {"empty", with({}), kOuter, ""}});
}

TEST(Capwap, CarriesBothKindsOfFrames) {
  constexpr std::string_view kOuter = "17 10.0.0.1:40000 10.0.0.2:5247";
  const auto with = [](const Bytes& payload) { return ipv4(17, udp(40000, 5247, payload)); };
  const Bytes wifi =
      hex("0000 0200000000a1 0200000000a2 0200000000a3 1000 aaaa03 000000 0800") + inner_datagram();
  check({{"802.3", with(hex("00 10 02 00 00000000") + inner_frame()), kInnerFlow, "CAPWAP"},
         {"802.11", with(hex("00 10 03 00 00000000 0801") + wifi), kInnerFlow, "CAPWAP"},
         {"802.11 swapped", with(hex("00 18 03 00 00000000 00000000 0108") + wifi), kInnerFlow,
          "CAPWAP"},
         {"other binding", with(hex("00 10 05 00 00000000 0801") + wifi), kOuter, ""},
         {"later fragment", with(hex("00 10 02 80 00010008") + inner_frame()), kOuter, ""},
         {"keep-alive", with(hex("00 10 02 08 00000000") + inner_frame()), kOuter, ""},
         {"DTLS", with(hex("01 00 00 00 16fefd00") + inner_frame()), kOuter, ""},
         {"header of 4 bytes", with(hex("00 08 02 00 00000000") + inner_frame()), kOuter, ""},
         {"cut", with(hex("00 10 02")), kOuter, ""}});
}

TEST(Tzsp, SkipsTags) {
  constexpr std::string_view kOuter = "17 10.0.0.1:40000 10.0.0.2:37008";
  const auto with = [](const Bytes& payload) { return ipv4(17, udp(40000, 37008, payload)); };
  check({{"Ethernet", with(hex("01 00 0001 01") + inner_frame()), kInnerFlow, "TZSP"},
         {"tags", with(hex("01 01 0001 00 0a 02 aabb 01") + inner_frame()), kInnerFlow, "TZSP"},
         {"802.11",
          with(hex("01 00 0012 01 0801 0000 0200000000a1 0200000000a2 0200000000a3 1000"
                   "aaaa03 000000 0800") +
               inner_datagram()),
          kInnerFlow, "TZSP"},
         {"Prism",
          with(hex("01 00 0077 01 44000000 08000000 0801 0000 0200000000a1 0200000000a2"
                   "0200000000a3 1000 aaaa03 000000 0800") +
               inner_datagram()),
          kInnerFlow, "TZSP"},
         {"version 2", with(hex("02 00 0001 01") + inner_frame()), kOuter, ""},
         {"keep-alive", with(hex("01 04 0000 01")), kOuter, ""},
         {"no end of tags", with(hex("01 00 0001 0a 02 aabb")), kOuter, ""},
         {"unknown content", with(hex("01 00 0099 01") + inner_frame()), kOuter, ""},
         {"cut", with(hex("01 00")), kOuter, ""}});
}

TEST(Tunnels, NestAndAreNamedOutermostFirst) {
  const Bytes gtp = hex("30ff") + u16(inner_datagram().size()) + hex("00000001") + inner_datagram();
  const Bytes bytes = ipv4(47, hex("0000 86dd") + ipv6(17, udp(2152, 2152, gtp)));
  check({{"GTP-U in GRE", bytes, kInnerFlow, "GRE/GTP-U"}});
}

TEST(Tunnels, NameOnlyWhatIsAroundTheFlow) {
  const Bytes bytes =
      ipv4(47, hex("0000 86dd") + ipv6(17, udp(2152, 2152, hex("30ff 0000 00000001"))));
  check({{"empty GTP-U in GRE", bytes, "17 2001:db8::1:2152 2001:db8::2:2152", "GRE"}});
}

}  // namespace
}  // namespace weir
