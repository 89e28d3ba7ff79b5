// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ends_glance.h"

#include <gtest/gtest.h>

#include <random>

#include "decode/decode.h"
#include "decode/decode_properties.h"
#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

std::vector<Bytes> not_seen() {
  return {ethernet(0x0806, hex("0001")),
          ethernet(0x0800, ipv4(1, hex("0800 0000 0000 0000"))),
          ethernet(0x0800, ipv4(17, udp(1000, 4789, hex("08000000 00000100")))),
          ethernet(0x86dd, ipv6(17, udp(2152, 1000, hex("08000000 00000100")))),
          ethernet(0x0800, ipv4(6, tcp(1, 2, {}), 0x2000)),  // a first fragment
          ethernet(0x8100, hex("0064 8100 0065 0800") + ipv4(6, tcp(1, 2, {})))};
}

TEST(EndsGlance, SeesThePlainAndLeavesTheRest) {
  uint64_t ends = 0;
  for (const Bytes& bytes : plain_packets()) EXPECT_TRUE(glance_at_ends(view_of(bytes), ends));
  for (const Bytes& bytes : not_seen()) EXPECT_FALSE(glance_at_ends(view_of(bytes), ends));
}

TEST(EndsGlance, IsTheSameFromBothEnds) {
  DecodedPacket there;
  decode(view_of(plain_packets()[0]), there);
  DecodedPacket back = there;
  std::swap(back.source, back.destination);
  std::swap(back.source_port, back.destination_port);
  EXPECT_EQ(folded_ends(there), folded_ends(back));
  EXPECT_NE(folded_ends(there), 0U);
}

// broken_property() compares the two.
TEST(EndsGlance, FindsWhatDecodingFindsInDamagedAndCutPackets) {
  std::mt19937 random(7);
  size_t seen = 0;
  for (const Bytes& bytes : plain_packets()) {
    for (int round = 0; round < 20'000; ++round) {
      Bytes damaged = bytes;
      for (auto left = random() % 3; left > 0; --left)
        damaged[12 + random() % (damaged.size() - 12)] = static_cast<uint8_t>(random());
      damaged.resize(damaged.size() - random() % 3 * random() % 16);
      DecodedPacket decoded;
      decode(view_of(damaged), decoded);
      ASSERT_EQ(broken_property(view_of(damaged), decoded), "");
      uint64_t ends = 0;
      seen += glance_at_ends(view_of(damaged), ends) ? 1 : 0;
    }
  }
  EXPECT_GT(seen, 60'000U);
}

}  // namespace
}  // namespace weir
