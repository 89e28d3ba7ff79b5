// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/frame_builder.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/ip_protocol.h"
#include "traffic/test_read_back.h"

namespace weir {
namespace {

// RFC 1071 over a whole datagram: a valid one sums to 0xffff. Written plainly, to be another
// opinion than the builder's.
uint32_t ones_complement_sum(const std::vector<uint8_t>& bytes) {
  uint64_t sum = 0;
  for (size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
  while (sum > 0xffff) sum = sum % 65536 + sum / 65536;
  return static_cast<uint32_t>(sum);
}

struct Case {
  const char* name;
  bool is_v6;
  uint8_t protocol;
  uint16_t vlan;
  size_t size;
};

FlowTuple tuple_of(const Case& c) {
  FlowTuple tuple;
  tuple.client = *IpAddress::parse(c.is_v6 ? "2001:db8::1" : "192.0.2.1");
  tuple.server = *IpAddress::parse(c.is_v6 ? "2001:db8::ffff" : "198.51.100.255");
  tuple.client_mac.bytes = {2, 0, 0, 0, 0, 1};
  tuple.server_mac.bytes = {2, 0, 0, 0, 0, 2};
  tuple.client_port = 40000;
  tuple.server_port = 443;
  tuple.protocol = c.protocol;
  tuple.vlan = c.vlan;
  return tuple;
}

std::vector<uint8_t> build(const FlowTuple& tuple, size_t size, const FrameContents& contents) {
  std::vector<uint8_t> frame(size, 0xee);
  FrameBuilder(size).build(tuple, contents, frame);
  return frame;
}

class BuiltFrame : public testing::TestWithParam<Case> {};

TEST_P(BuiltFrame, HasValidChecksums) {
  const Case& c = GetParam();
  for (const bool has_payload : {true, false}) {
    const auto frame =
        build(tuple_of(c), c.size,
              {.has_payload = has_payload, .tcp_flags = 24, .tcp_sequence = 0x89abcdef});
    const size_t ip = c.vlan != 0 ? 18 : 14;
    const size_t header = c.is_v6 ? 40 : 20;
    const size_t length =
        frame[ip + (c.is_v6 ? 4 : 2)] * 256U + frame[ip + (c.is_v6 ? 5 : 3)] + (c.is_v6 ? 40U : 0U);
    ASSERT_LE(ip + length, frame.size());
    const auto at = [&](size_t offset) {
      return frame.begin() + static_cast<std::ptrdiff_t>(offset);
    };
    if (!c.is_v6) {
      EXPECT_EQ(ones_complement_sum({at(ip), at(ip + header)}), 0xffffU);
    }
    std::vector<uint8_t> covered;
    if (c.protocol != kProtocolIcmp) {
      covered.assign(at(ip + (c.is_v6 ? 8 : 12)), at(ip + header));
      covered.insert(covered.end(), {0, c.protocol});
      covered.push_back(static_cast<uint8_t>((length - header) >> 8));
      covered.push_back(static_cast<uint8_t>(length - header));
    }
    covered.insert(covered.end(), at(ip + header), at(ip + length));
    EXPECT_EQ(ones_complement_sum(covered), 0xffffU) << "payload " << has_payload;
  }
}

TEST_P(BuiltFrame, IsReadAsWhatItWasMadeOf) {
  const Case& c = GetParam();
  const FlowTuple tuple = tuple_of(c);
  const auto frame =
      build(tuple, c.size,
            {.to_server = false, .tcp_flags = 18, .tcp_sequence = 7, .tcp_acknowledgement = 9});
  const DecodedPacket packet = test::read(frame);
  ASSERT_TRUE(packet.has_ip);
  EXPECT_EQ(packet.error, DecodeError::kNone);
  EXPECT_EQ(packet.source, tuple.server);
  EXPECT_EQ(packet.destination, tuple.client);
  EXPECT_EQ(packet.source_mac, tuple.server_mac);
  EXPECT_EQ(packet.protocol, c.protocol);
  EXPECT_EQ(packet.vlan.count, c.vlan != 0 ? 1 : 0);
  EXPECT_EQ(packet.vlan.ids[0], c.vlan);
  const bool has_ports = c.protocol == kProtocolTcp || c.protocol == kProtocolUdp;
  EXPECT_EQ(packet.source_port, has_ports ? 443 : 0);
  EXPECT_EQ(packet.destination_port, has_ports ? 40000 : 0);
  if (c.protocol == kProtocolTcp) {
    EXPECT_EQ(packet.tcp_flags, 18);
    EXPECT_EQ(packet.tcp_sequence, 7U);
    EXPECT_EQ(packet.tcp_acknowledgement, 9U);
  }
  EXPECT_EQ(packet.payload_wire_length, FrameBuilder(c.size).payload_bytes(tuple));
}

INSTANTIATE_TEST_SUITE_P(Headers, BuiltFrame,
                         testing::Values(Case{"SmallestTcp", false, kProtocolTcp, 0, 60},
                                         Case{"OddPayloadTcp", false, kProtocolTcp, 0, 65},
                                         Case{"UdpInVlan", false, kProtocolUdp, 100, 128},
                                         Case{"Icmp", false, kProtocolIcmp, 0, 99},
                                         Case{"Ipv6Tcp", true, kProtocolTcp, 0, 74},
                                         Case{"Ipv6Udp", true, kProtocolUdp, 4094, 1517},
                                         Case{"Ipv6Icmp", true, kProtocolIcmpv6, 0, 100},
                                         Case{"JumboTcp", false, kProtocolTcp, 0, 9014},
                                         Case{"LargestUdp", false, kProtocolUdp, 0, 65535}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(FrameBuilder, PadsWhatHasNoPayload) {
  const Case c{"", false, kProtocolTcp, 0, 200};
  const auto frame = build(tuple_of(c), 200, {.has_payload = false, .tcp_flags = 2});
  EXPECT_EQ(test::read(frame).payload_wire_length, 0U);
  for (size_t i = 54; i < 200; ++i) ASSERT_EQ(frame[i], 0) << i;
}

}  // namespace
}  // namespace weir
