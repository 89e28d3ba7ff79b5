// SPDX-License-Identifier: GPL-3.0-or-later
// What the glance says must be what decode() says, whatever became of the packet on its way.
#include "decode/plain_ipv4.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "decode/decode.h"
#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

// What read_plain_ipv4() takes: it wants so many bytes as the longest of the headers has.
std::vector<Bytes> padded_packets() {
  std::vector<Bytes> packets = plain_ipv4_packets();
  for (Bytes& bytes : packets) bytes = bytes + Bytes(20);
  return packets;
}

// Whether it was plain; if so, that decode() agrees.
bool agrees(const PacketView& view) {
  PlainIpv4 plain;
  uint32_t offset = 0;
  if (!read_plain_ipv4(view, plain, offset)) return false;
  DecodedPacket packet;
  decode(view, packet);
  EXPECT_TRUE(packet.has_ip);
  EXPECT_EQ(packet.error, DecodeError::kNone);
  EXPECT_FALSE(packet.is_v6 || packet.is_fragment);
  EXPECT_EQ(packet.tunnels.count, 0);
  EXPECT_EQ(plain.source, packet.source.v4_bits());
  EXPECT_EQ(plain.destination, packet.destination.v4_bits());
  EXPECT_EQ(plain.ports >> 16, packet.source_port);
  EXPECT_EQ(plain.ports & 0xffff, packet.destination_port);
  EXPECT_EQ(plain.protocol, packet.protocol);
  EXPECT_EQ(plain.vlan, packet.vlan.ids[0]);
  EXPECT_EQ(plain.vlan != 0 ? 1 : 0, packet.vlan.count);
  EXPECT_EQ(plain.tcp_flags, packet.tcp_flags);
  if (packet.protocol == kProtocolTcp) {
    TcpSegment segment;
    read_plain_tcp_segment(view, offset, segment);
    EXPECT_EQ(segment, tcp_segment(packet));
  }
  const PlainDatagram datagram = plain_datagram(view);
  EXPECT_EQ(datagram.bytes.data(), packet.network);
  EXPECT_EQ(datagram.bytes.size(), packet.network_length);
  EXPECT_EQ(datagram.payload.size(), packet.payload_length);
  if (packet.payload_length != 0) {
    EXPECT_EQ(datagram.payload.data(), packet.payload);
  }
  EXPECT_EQ(datagram.payload_wire_length, packet.payload_wire_length);
  return true;
}

TEST(PlainIpv4, TakesThePlain) {
  for (const Bytes& bytes : padded_packets()) EXPECT_TRUE(agrees(view_of(bytes)));
}

TEST(PlainIpv4, LeavesTheRest) {
  const Bytes padding(60);
  for (const Bytes& bytes :
       {ethernet(0x0806, padding), ethernet(0x86dd, ipv6(6, tcp(1, 2, {}))),
        ethernet(0x0800, ipv4(1, hex("0800 0000 0000 0000")) + padding),
        ethernet(0x0800, ipv4(17, udp(1000, 4789, hex("08000000 00000100"))) + padding),
        ethernet(0x0800, ipv4(17, udp(2152, 1000, {})) + padding),
        ethernet(0x0800, ipv4(17, udp(1, 2, {}), 0x2000) + padding),
        ethernet(0x8100, hex("0064 8100 0065 0800") + ipv4(6, tcp(1, 2, {})) + padding)}) {
    EXPECT_FALSE(agrees(view_of(bytes)));
  }
}

TEST(PlainIpv4, AgreesOnEveryLengthAndOnDamagedBytes) {
  std::mt19937 random(1);
  int plain = 0;
  for (const Bytes& whole : padded_packets()) {
    for (size_t length = 0; length <= whole.size(); ++length) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
      PacketView view = view_of(cut);
      plain += agrees(view) ? 1 : 0;
      view.wire_length = static_cast<uint32_t>(whole.size());
      plain += agrees(view) ? 1 : 0;
    }
    for (int round = 0; round < 20'000; ++round) {
      Bytes damaged = whole;
      for (auto left = random() % 3 + 1; left > 0; --left)
        damaged[12 + random() % (damaged.size() - 12)] = static_cast<uint8_t>(random());
      PacketView view = view_of(damaged);
      if (random() % 4 == 0) view.wire_length += static_cast<uint32_t>(random() % 2000);
      plain += agrees(view) ? 1 : 0;
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(plain, 10'000);
}

}  // namespace
}  // namespace weir
