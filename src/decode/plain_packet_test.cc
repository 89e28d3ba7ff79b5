// SPDX-License-Identifier: GPL-3.0-or-later
// The straight way must give what the walk through the dispatch table gives, for whole packets and
// for whatever is left of them.
#include "decode/plain_packet.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "decode/decode.h"
#include "decode/decode_properties.h"
#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

std::vector<Bytes> other_packets() {
  return {ethernet(0x0806, hex("0001")), ethernet(0x0800, ipv4(1, hex("0800 0000 0000 0000"))),
          ethernet(0x0800, ipv4(17, udp(1000, 4789, hex("08000000 00000100")))),
          ethernet(0x0800, ipv4(17, udp(2152, 1000, hex("08000000 00000100")))),
          ethernet(0x8100, hex("0064 8100 0065 0800") + ipv4(6, tcp(1, 2, {})))};
}

void expect_same(const PacketView& view) {
  DecodedPacket straight;
  DecodedPacket walked;
  straight.icmp_type = straight.icmp_code = 9;
  straight.is_fragment = straight.is_later_fragment = true;
  straight.fragment_id = 9;
  decode(view, straight);
  walk_layers(view, walked);
  EXPECT_TRUE(same_answer(straight, walked));
}

TEST(PlainPacket, TakesThePlainAndLeavesTheRest) {
  DecodedPacket out;
  for (const Bytes& bytes : plain_packets()) EXPECT_TRUE(decode_plain(view_of(bytes), out));
  for (const Bytes& bytes : other_packets()) EXPECT_FALSE(decode_plain(view_of(bytes), out));
}

TEST(PlainPacket, AgreesWithTheWalkOnEveryLength) {
  for (const auto& packets : {plain_packets(), other_packets()}) {
    for (const Bytes& whole : packets) {
      for (size_t length = 0; length <= whole.size(); ++length) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
        expect_same(view_of(cut));
        PacketView snapped = view_of(cut);
        snapped.wire_length = static_cast<uint32_t>(whole.size());
        expect_same(snapped);
      }
      expect_same(view_of(whole + hex("000000000000")));  // padding
    }
  }
}

TEST(PlainPacket, AgreesWithTheWalkOnDamagedBytes) {
  std::mt19937 random(1);
  for (const Bytes& whole : plain_packets()) {
    for (int round = 0; round < 20'000; ++round) {
      Bytes damaged = whole;
      for (auto left = random() % 3 + 1; left > 0; --left) {
        damaged[12 + random() % (damaged.size() - 12)] = static_cast<uint8_t>(random());
      }
      PacketView view = view_of(damaged);
      if (random() % 4 == 0) view.wire_length += static_cast<uint32_t>(random() % 2000);
      if (random() % 8 == 0) {
        view.vlan_tpid = 0x8100;
        view.vlan_tci = static_cast<uint16_t>(random());
      }
      expect_same(view);
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace weir
