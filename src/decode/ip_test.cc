// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

DecodedPacket decode_ip(const Bytes& bytes) {
  return decode_bytes(bytes, LinkType::kRaw);
}
Bytes with(Bytes bytes, size_t offset, std::string_view text) {
  const Bytes change = hex(text);
  std::copy(change.begin(), change.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  return bytes;
}

TEST(Ipv4, SkipsOptions) {
  const Bytes bytes = hex("4700 0028 0000 0000 4011 0000 0a000001 0a000002 9404000001010100") +
                      udp(1000, 53, hex("01020304"));
  EXPECT_EQ(flow_of(decode_ip(bytes)), "17 10.0.0.1:1000 10.0.0.2:53");
  EXPECT_EQ(decode_ip(bytes).payload_length, 4U);
}

TEST(Ipv4, CutsThePaddingOfTheFrame) {
  const Bytes bytes = ethernet(0x0800, ipv4(17, udp(1, 2, hex("aa"))) + Bytes(17));
  EXPECT_EQ(decode_bytes(bytes).payload_length, 1U);
  EXPECT_EQ(decode_bytes(bytes).payload_wire_length, 1U);
}

TEST(Ipv4, TakesATotalLengthOfZeroForJoinedSegments) {
  const DecodedPacket packet = decode_ip(with(ipv4(6, tcp(1, 2, Bytes(3000))), 2, "0000"));
  EXPECT_EQ(packet.error, DecodeError::kNone);
  EXPECT_EQ(packet.payload_length, 3000U);
  EXPECT_EQ(packet.payload_wire_length, 3000U);
}

TEST(Ipv4, CutsATotalLengthBeyondTheFrame) {
  const DecodedPacket packet = decode_ip(with(ipv4(17, udp(1, 2, hex("aa"))), 2, "ffff"));
  EXPECT_EQ(packet.error, DecodeError::kNone);
  EXPECT_EQ(packet.payload_wire_length, 1U);
}

TEST(Ipv4, RefusesHeadersThatContradictThemselves) {
  const Bytes good = ipv4(17, udp(1, 2, {}));
  struct Case {
    Bytes bytes;
    DecodeError error;
    bool has_ip;
  };
  const std::vector<Case> cases{
      {with(good, 0, "44"), DecodeError::kBadLength, false},    // header of 16 bytes
      {with(good, 2, "0013"), DecodeError::kBadLength, false},  // total length 19
      {with(good, 2, "0014"), DecodeError::kTruncated, true},   // 20: no room for UDP
      {with(good, 0, "4f"), DecodeError::kBadLength, false},    // header of 60 in 28 bytes
      {with(with(good, 0, "4f"), 2, "003c"), DecodeError::kTruncated, true},
      {first(19, good), DecodeError::kTruncated, false},
      {first(20, good), DecodeError::kTruncated, true},
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(decode_ip(cases[i].bytes).error, cases[i].error) << i;
    EXPECT_EQ(decode_ip(cases[i].bytes).has_ip, cases[i].has_ip) << i;
  }
  const DecodedPacket other = decode_bytes(ethernet(0x0800, with(good, 0, "65")));
  EXPECT_EQ(other.error, DecodeError::kBadVersion);
  EXPECT_FALSE(other.has_ip);
}

TEST(Ipv4, MarksFragments) {
  const DecodedPacket first_one = decode_ip(ipv4(17, udp(1000, 53, Bytes(8)), 0x2000));
  EXPECT_TRUE(first_one.is_fragment);
  EXPECT_FALSE(first_one.is_later_fragment);
  EXPECT_EQ(first_one.fragment_id, 0x1234U);
  EXPECT_EQ(flow_of(first_one), "17 10.0.0.1:1000 10.0.0.2:53");
  for (const uint16_t flags : std::array<uint16_t, 3>{0x2001, 0x0001, 0x1fff}) {
    const DecodedPacket later = decode_ip(ipv4(17, udp(1000, 53, Bytes(8)), flags));
    EXPECT_TRUE(later.is_fragment && later.is_later_fragment) << flags;
    EXPECT_EQ(later.fragment_id, 0x1234U);
    EXPECT_EQ(flow_of(later), "17 10.0.0.1:0 10.0.0.2:0") << flags;
    EXPECT_EQ(later.payload, nullptr) << flags;
  }
  EXPECT_FALSE(decode_ip(ipv4(17, udp(1000, 53, {}), 0x4000)).is_fragment) << "do not fragment";
}

TEST(Ipv4, DoesNotReadIpv6ExtensionHeaders) {
  for (const uint8_t protocol : std::array<uint8_t, 5>{0, 43, 44, 60, 135}) {
    const DecodedPacket packet = decode_ip(ipv4(protocol, hex("1100000000000000") + udp(1, 2, {})));
    EXPECT_EQ(packet.protocol, protocol);
    EXPECT_EQ(packet.source_port, 0);
    EXPECT_EQ(packet.error, DecodeError::kNone);
  }
}

TEST(Ipv6, ReadsTheFixedHeader) {
  const DecodedPacket packet = decode_ip(ipv6(6, tcp(1000, 80, hex("aa"))));
  EXPECT_EQ(flow_of(packet), "6 2001:db8::1:1000 2001:db8::2:80");
  EXPECT_TRUE(packet.is_v6);
  EXPECT_EQ(packet.payload_length, 1U);
}

TEST(Ipv6, RefusesAnotherVersionAndACutHeader) {
  EXPECT_EQ(decode_bytes(ethernet(0x86dd, ipv4(17, udp(1, 2, Bytes(12))))).error,
            DecodeError::kBadVersion);
  EXPECT_EQ(decode_ip(first(39, ipv6(17, {}))).error, DecodeError::kTruncated);
  EXPECT_FALSE(decode_ip(first(39, ipv6(17, {}))).has_ip);
}

TEST(Ipv6, TakesAPayloadLengthOfZeroForAJumbogram) {
  const DecodedPacket packet =
      decode_ip(with(ipv6(0, hex("06 00 c204 00010000") + tcp(1, 2, Bytes(3000))), 4, "0000"));
  EXPECT_EQ(packet.protocol, 6);
  EXPECT_EQ(packet.payload_length, 3000U);
}

TEST(Ipv6Extension, IsSkippedInAnyOrder) {
  const Bytes options = hex("2b 00 0104 00000000");
  const Bytes routing = hex("33 02 04 00 00000000 20010db8000000000000000000000003");
  const Bytes authentication = hex("3c 04 0000 00000001 00000001 000000000000000000000000");
  const Bytes destination = hex("87 00 0104 00000000");
  const Bytes mobility = hex("11 00 0000 00000000");
  const DecodedPacket packet = decode_ip(
      ipv6(0, options + routing + authentication + destination + mobility + udp(7, 8, hex("aa"))));
  EXPECT_EQ(flow_of(packet), "17 2001:db8::1:7 2001:db8::2:8");
  EXPECT_EQ(packet.payload_length, 1U);
  EXPECT_EQ(packet.error, DecodeError::kNone);
}

TEST(Ipv6Extension, KeepsTheFlowWhenItIsCut) {
  for (const uint8_t header : std::array<uint8_t, 6>{0, 43, 44, 51, 60, 135}) {
    const DecodedPacket packet = decode_ip(ipv6(header, hex("11 00 0000 0000")));
    EXPECT_EQ(packet.error, DecodeError::kTruncated) << int{header};
    EXPECT_EQ(packet.protocol, header);
    EXPECT_TRUE(packet.has_ip);
  }
  const DecodedPacket long_one = decode_ip(ipv6(60, hex("11 7f 0000 00000000")));
  EXPECT_EQ(long_one.error, DecodeError::kTruncated);
}

TEST(Ipv6Extension, EndsAtNoNextHeaderAndAtUnknownProtocols) {
  EXPECT_EQ(decode_ip(ipv6(59, hex("aa"))).protocol, 59);
  EXPECT_EQ(decode_ip(ipv6(59, hex("aa"))).error, DecodeError::kNone);
  EXPECT_EQ(decode_ip(ipv6(253, hex("aa"))).protocol, 253);
}

TEST(Ipv6Extension, MarksFragments) {
  const Bytes datagram = udp(7, 8, hex("aabb"));
  const DecodedPacket first_one = decode_ip(ipv6(44, hex("11 00 0001 deadbeef") + datagram));
  EXPECT_TRUE(first_one.is_fragment);
  EXPECT_FALSE(first_one.is_later_fragment);
  EXPECT_EQ(first_one.fragment_id, 0xdeadbeefU);
  EXPECT_EQ(first_one.source_port, 7);
  const DecodedPacket later = decode_ip(ipv6(44, hex("11 00 0008 deadbeef") + datagram));
  EXPECT_TRUE(later.is_later_fragment);
  EXPECT_EQ(later.protocol, 17);
  EXPECT_EQ(later.source_port, 0);
  const DecodedPacket atomic = decode_ip(ipv6(44, hex("11 00 0000 deadbeef") + datagram));
  EXPECT_FALSE(atomic.is_fragment);
  EXPECT_EQ(atomic.source_port, 7);
}

TEST(AuthenticationHeader, IsReadThroughInIpv4) {
  const Bytes header = hex("06 04 0000 00000001 00000001 000000000000000000000000");
  EXPECT_EQ(flow_of(decode_ip(ipv4(51, header + tcp(1, 2, {})))), "6 10.0.0.1:1 10.0.0.2:2");
  EXPECT_EQ(decode_ip(ipv4(51, with(header, 1, "00"))).error, DecodeError::kBadLength);
  EXPECT_EQ(decode_ip(ipv4(51, with(header, 1, "05"))).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_ip(ipv4(51, hex("0604"))).protocol, 51);
}

TEST(Tcp, ReadsItsFields) {
  const DecodedPacket packet = decode_ip(ipv4(6, tcp(1000, 80, hex("aabbcc"))));
  EXPECT_EQ(packet.tcp_sequence, 1U);
  EXPECT_EQ(packet.tcp_acknowledgement, 2U);
  EXPECT_EQ(packet.tcp_flags, kTcpSyn | kTcpAck);
  EXPECT_EQ(packet.tcp_window, 3);
  EXPECT_EQ(packet.payload_length, 3U);
  const Bytes options = with(tcp(1, 2, hex("020405b4 aa")), 12, "60");
  EXPECT_EQ(decode_ip(ipv4(6, options)).payload_length, 1U);
}

TEST(Tcp, GivesWhatIsThereOfACutHeader) {
  const Bytes whole = ipv4(6, tcp(1000, 80, {}));
  for (size_t length = 20; length < 40; ++length) {
    const DecodedPacket packet = decode_ip(first(length, whole));
    EXPECT_EQ(packet.error, DecodeError::kTruncated) << length;
    EXPECT_EQ(packet.source_port, length >= 24 ? 1000 : 0) << length;
    EXPECT_EQ(packet.destination_port, length >= 24 ? 80 : 0) << length;
    EXPECT_EQ(packet.tcp_flags, length >= 34 ? kTcpSyn | kTcpAck : 0) << length;
    EXPECT_EQ(packet.payload, nullptr) << length;
  }
}

TEST(Tcp, RefusesBadDataOffsets) {
  EXPECT_EQ(decode_ip(ipv4(6, with(tcp(1, 2, {}), 12, "40"))).error, DecodeError::kBadLength);
  EXPECT_EQ(decode_ip(ipv4(6, with(tcp(1, 2, {}), 12, "f0"))).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_ip(ipv4(6, with(tcp(1, 2, {}), 12, "40"))).source_port, 1);
}

TEST(Udp, DoesNotTrustItsLength) {
  const auto with_length = [](std::string_view length) {
    return decode_ip(ipv4(17, with(udp(1000, 53, hex("aabb")), 4, length)));
  };
  EXPECT_EQ(with_length("0000").payload_length, 2U) << "joined segments";
  EXPECT_EQ(with_length("ffff").payload_length, 2U) << "beyond the datagram";
  EXPECT_EQ(with_length("0009").payload_length, 1U);
  EXPECT_EQ(with_length("0008").payload, nullptr);
  EXPECT_EQ(with_length("0007").error, DecodeError::kBadLength);
  EXPECT_EQ(flow_of(with_length("0007")), "17 10.0.0.1:1000 10.0.0.2:53");
  const DecodedPacket cut = decode_ip(first(26, ipv4(17, udp(1000, 53, {}))));
  EXPECT_EQ(cut.error, DecodeError::kTruncated);
  EXPECT_EQ(cut.destination_port, 53);
}

TEST(Transport, GivesPortsAndPayload) {
  struct Case {
    uint8_t protocol;
    Bytes header;
  };
  const std::vector<Case> cases{{136, hex("03e8 0035 0008 0000")},                      // UDP-Lite
                                {132, hex("03e8 0035 00000001 00000000")},              // SCTP
                                {33, hex("03e8 0035 04 00 0000 00 000001 00000000")}};  // DCCP
  for (const Case& test : cases) {
    const DecodedPacket packet = decode_ip(ipv4(test.protocol, test.header + hex("aabb")));
    EXPECT_EQ(packet.source_port, 1000) << int{test.protocol};
    EXPECT_EQ(packet.destination_port, 53) << int{test.protocol};
    EXPECT_EQ(packet.payload_length, 2U) << int{test.protocol};
    const Bytes whole = ipv4(test.protocol, test.header);
    EXPECT_EQ(decode_ip(first(23, whole)).error, DecodeError::kTruncated) << int{test.protocol};
    const DecodedPacket cut = decode_ip(first(whole.size() - 1, whole));
    EXPECT_EQ(cut.error, DecodeError::kTruncated) << int{test.protocol};
    EXPECT_EQ(cut.source_port, 1000) << int{test.protocol};
  }
  EXPECT_EQ(decode_ip(ipv4(33, hex("03e8 0035 02 00 0000 00 000001"))).error,
            DecodeError::kBadLength);
}

TEST(Icmp, GivesTypeAndCodeAndNoPorts) {
  const DecodedPacket echo = decode_ip(ipv4(1, hex("0803 0000 0001 0001 aabb")));
  EXPECT_EQ(flow_of(echo), "1 10.0.0.1:0 10.0.0.2:0");
  EXPECT_EQ(echo.icmp_type, 8);
  EXPECT_EQ(echo.icmp_code, 3);
  EXPECT_EQ(echo.payload_length, 2U);
  EXPECT_EQ(decode_ip(ipv6(58, hex("8700 0000 00000000"))).icmp_type, 0x87);
  EXPECT_EQ(decode_ip(ipv4(1, hex("0803 00"))).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_ip(ipv4(1, hex("0803 0000"))).error, DecodeError::kNone);
}

TEST(Icmp, DoesNotTakeAQuotedHeaderForALevel) {
  const DecodedPacket packet = decode_ip(ipv4(1, hex("0303 0000 00000000") + inner_datagram()));
  EXPECT_EQ(flow_of(packet), "1 10.0.0.1:0 10.0.0.2:0");
}

TEST(Esp, IsAProtocolWithoutPorts) {
  const DecodedPacket packet = decode_ip(ipv4(50, hex("00000001 00000001 aabbccdd")));
  EXPECT_EQ(flow_of(packet), "50 10.0.0.1:0 10.0.0.2:0");
  EXPECT_EQ(packet.error, DecodeError::kNone);
}

}  // namespace
}  // namespace weir
