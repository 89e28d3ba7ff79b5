// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

constexpr std::string_view kFlow = "17 10.0.0.1:1000 10.0.0.2:53";

Bytes addresses() {
  return hex("0000 0200000000a1 0200000000a2 0200000000a3 1000");
}
Bytes body() {
  return hex("aaaa03 000000 0800") + ipv4(17, udp(1000, 53, {}));
}

DecodedPacket decode_frame(const Bytes& bytes) {
  return decode_bytes(bytes, LinkType::kIeee80211);
}

TEST(Ieee80211, ReadsDataFramesOfAllDirections) {
  struct Case {
    std::string_view control;
    std::string_view after_addresses;
    std::string_view source;
    std::string_view destination;
  };
  const std::vector<Case> cases{
      {"0800", "", "02:00:00:00:00:a2", "02:00:00:00:00:a1"},
      {"0801", "", "02:00:00:00:00:a2", "02:00:00:00:00:a3"},
      {"0802", "", "02:00:00:00:00:a3", "02:00:00:00:00:a1"},
      {"0803", "0200000000a4", "02:00:00:00:00:a4", "02:00:00:00:00:a3"},
      {"8802", "0000", "02:00:00:00:00:a3", "02:00:00:00:00:a1"},
      {"8882", "0000 00000000", "02:00:00:00:00:a3", "02:00:00:00:00:a1"},
      {"8803", "0200000000a4 0000", "02:00:00:00:00:a4", "02:00:00:00:00:a3"},
      {"8802", "8000 020000000001 020000000002 0030", "02:00:00:00:00:a3", "02:00:00:00:00:a1"},
  };
  for (const Case& test : cases) {
    const DecodedPacket packet =
        decode_frame(hex(test.control) + addresses() + hex(test.after_addresses) + body());
    EXPECT_EQ(flow_of(packet), kFlow) << test.control << test.after_addresses;
    EXPECT_EQ(packet.source_mac.to_string(), test.source) << test.control;
    EXPECT_EQ(packet.destination_mac.to_string(), test.destination) << test.control;
    EXPECT_EQ(packet.ethertype, 0x0800) << test.control;
    EXPECT_EQ(packet.error, DecodeError::kNone) << test.control;
  }
}

TEST(Ieee80211, KnowsWhatIsNoIp) {
  EXPECT_EQ(decode_frame(hex("8000") + addresses()).error, DecodeError::kNone) << "beacon";
  EXPECT_EQ(decode_frame(hex("d400") + Bytes(8)).error, DecodeError::kNone) << "acknowledgement";
  EXPECT_EQ(decode_frame(hex("4801") + addresses()).error, DecodeError::kNone) << "null";
  EXPECT_FALSE(decode_frame(hex("4801") + addresses() + body()).has_ip) << "null";
  EXPECT_EQ(decode_frame(hex("0841") + addresses() + body()).error, DecodeError::kEncrypted);
  EXPECT_EQ(decode_frame(hex("08")).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_frame(hex("0801") + Bytes(21)).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_frame(hex("0801") + addresses()).error, DecodeError::kTruncated) << "no LLC";
}

TEST(Radiotap, IsSkipped) {
  const Bytes frame = hex("0801") + addresses() + body();
  const auto decode_radiotap = [](const Bytes& bytes) {
    return decode_bytes(bytes, LinkType::kRadiotap);
  };
  EXPECT_EQ(flow_of(decode_radiotap(hex("00 00 0800 00000000") + frame)), kFlow);
  EXPECT_EQ(flow_of(decode_radiotap(hex("00 00 0a00 04000000 0c00") + frame)), kFlow)
      << "rate only";
  EXPECT_EQ(decode_radiotap(hex("00 00 0700 00000000") + frame).error, DecodeError::kBadLength);
  EXPECT_EQ(decode_radiotap(hex("00 00 ff00 00000000") + frame).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_radiotap(hex("00 00 0800 0000")).error, DecodeError::kTruncated);
}

TEST(Radiotap, CutsTheCheckSumAndThePadding) {
  const auto decode_radiotap = [](const Bytes& bytes) {
    return decode_bytes(bytes, LinkType::kRadiotap);
  };
  // 26 bytes of QoS header padded to 28, flags 0x30: check sum and padding.
  const Bytes padded = hex("8802") + addresses() + hex("0000 0000") + body();
  const DecodedPacket flags_first =
      decode_radiotap(hex("00 00 0900 02000000 30") + padded + hex("deadbeef"));
  EXPECT_EQ(flow_of(flags_first), kFlow);
  // Two presence words and a timer, which is aligned to 8 bytes, in front of the flags.
  const DecodedPacket behind_timer = decode_radiotap(hex("00 00 1900 03000080 00000000 00000000"
                                                         "1122334455667788 30") +
                                                     padded + hex("deadbeef"));
  EXPECT_EQ(flow_of(behind_timer), kFlow);
  // An ICMP message as long as IP leaves it shows where the frame ends: total length 0.
  Bytes icmp = ipv4(1, hex("0800 0000 00000000 55"));
  icmp[2] = icmp[3] = 0;
  const DecodedPacket cut = decode_radiotap(hex("00 00 0900 02000000 10 0801") + addresses() +
                                            hex("aaaa03 000000 0800") + icmp + hex("deadbeef"));
  EXPECT_EQ(cut.payload_length, 1U);
}

TEST(Prism, IsSkippedInBothByteOrdersAndAsAvs) {
  const Bytes frame = hex("0801") + addresses() + body();
  const auto decode_prism = [](const Bytes& bytes) {
    return decode_bytes(bytes, LinkType::kPrism);
  };
  EXPECT_EQ(flow_of(decode_prism(hex("44000000 0c000000 00000000") + frame)), kFlow);
  EXPECT_EQ(flow_of(decode_prism(hex("00000044 0000000c 00000000") + frame)), kFlow);
  EXPECT_EQ(flow_of(decode_prism(hex("80211001 0000000c 00000000") + frame)), kFlow);
  EXPECT_EQ(decode_prism(hex("44000000 07000000") + frame).error, DecodeError::kBadLength);
  EXPECT_EQ(decode_prism(hex("44000000 90000000")).error, DecodeError::kTruncated);
  EXPECT_EQ(decode_prism(hex("44000000")).error, DecodeError::kTruncated);
}

}  // namespace
}  // namespace weir
