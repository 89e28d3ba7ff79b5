// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/traffic_generator.h"

#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "net/ip_protocol.h"
#include "traffic/test_read_back.h"

namespace weir {
namespace {

std::vector<DecodedPacket> packets_of(const TrafficOptions& options) {
  TrafficGenerator generator(TrafficPlan::make(options).value());
  std::vector<uint8_t> frame(generator.frame_bytes());
  std::vector<DecodedPacket> packets;
  while (!generator.done()) {
    generator.next(frame);
    packets.push_back(test::read(frame));
    packets.back().payload = nullptr;  // the frame is written over
  }
  return packets;
}

std::vector<uint8_t> bytes_of(const TrafficOptions& options) {
  TrafficGenerator generator(TrafficPlan::make(options).value());
  std::vector<uint8_t> bytes(options.packets * options.size_bytes);
  for (uint64_t i = 0; i < options.packets; ++i) {
    generator.next(std::span(bytes).subspan(i * options.size_bytes, options.size_bytes));
  }
  return bytes;
}

TEST(TrafficGenerator, OpensTcpWithAHandshake) {
  const auto packets =
      packets_of({.hosts = 2, .flows = 1, .packets = 4, .size_bytes = 100, .tcp_percent = 100});
  EXPECT_EQ(packets[0].tcp_flags, kTcpSyn);
  EXPECT_EQ(packets[1].tcp_flags, kTcpSyn | kTcpAck);
  EXPECT_EQ(packets[2].tcp_flags, kTcpAck);
  EXPECT_EQ(packets[3].tcp_flags, kTcpPsh | kTcpAck);
  EXPECT_EQ(packets[1].source, packets[0].destination);
  EXPECT_EQ(packets[1].tcp_acknowledgement, packets[0].tcp_sequence + 1);
  EXPECT_EQ(packets[2].tcp_acknowledgement, packets[1].tcp_sequence + 1);
  EXPECT_EQ(packets[2].payload_wire_length, 0U);
  EXPECT_EQ(packets[3].payload_wire_length, 46U);
}

TEST(TrafficGenerator, NumbersTcpBytesWithoutAGap) {
  const TrafficOptions options{.hosts = 20,
                               .flows = 50,
                               .packets = 5000,
                               .size_bytes = 300,
                               .shape = TrafficShape::kRandom,
                               .tcp_percent = 100};
  std::map<std::pair<test::End, test::End>, uint32_t> expected;
  for (const DecodedPacket& packet : packets_of(options)) {
    const test::End source{packet.source, packet.source_port};
    const test::End destination{packet.destination, packet.destination_port};
    const auto known = expected.find({source, destination});
    if (known != expected.end()) {
      ASSERT_EQ(packet.tcp_sequence, known->second);
    }
    const auto other = expected.find({destination, source});
    if (other != expected.end()) {
      ASSERT_EQ(packet.tcp_acknowledgement, other->second);
    }
    expected[{source, destination}] = packet.tcp_sequence + packet.payload_wire_length +
                                      ((packet.tcp_flags & kTcpSyn) != 0 ? 1 : 0);
  }
  EXPECT_EQ(expected.size(), 100U);
}

TEST(TrafficGenerator, GivesTheSameBytesForTheSameOptions) {
  for (const TrafficShape shape :
       {TrafficShape::kRoundRobin, TrafficShape::kRandom, TrafficShape::kZipf, TrafficShape::kBurst,
        TrafficShape::kSynFlood}) {
    TrafficOptions options{.hosts = 30,
                           .flows = 40,
                           .packets = 500,
                           .size_bytes = 90,
                           .shape = shape,
                           .ipv6_percent = 30};
    const auto bytes = bytes_of(options);
    EXPECT_EQ(bytes, bytes_of(options));
    options.seed = 2;
    EXPECT_NE(bytes, bytes_of(options));
  }
}

TEST(TrafficGenerator, MixesProtocolsAsAsked) {
  const TrafficOptions options{
      .hosts = 4000, .flows = 4000, .packets = 4000, .tcp_percent = 50, .icmp_percent = 20};
  std::map<uint8_t, int> flows;
  for (const DecodedPacket& packet : packets_of(options)) ++flows[packet.protocol];
  EXPECT_NEAR(flows[kProtocolTcp], 2000, 120);
  EXPECT_NEAR(flows[kProtocolIcmp], 800, 100);
  EXPECT_NEAR(flows[kProtocolUdp], 1200, 120);
}

TEST(TrafficGenerator, CountsTheSynsOfAFlood) {
  const TrafficOptions options{
      .hosts = 10, .flows = 10, .packets = 1020, .shape = TrafficShape::kSynFlood};
  TrafficGenerator generator(TrafficPlan::make(options).value());
  std::vector<uint8_t> frame(generator.frame_bytes());
  uint64_t syns = 0;
  while (!generator.done()) {
    generator.next(frame);
    if (generator.packets() > 20 && test::read(frame).tcp_flags == kTcpSyn) ++syns;
  }
  EXPECT_EQ(generator.flood_packets(), syns);
  EXPECT_NEAR(static_cast<double>(syns), 900, 60);
}

}  // namespace
}  // namespace weir
