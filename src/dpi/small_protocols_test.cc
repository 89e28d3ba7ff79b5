// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/small_protocols.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "dpi/payload_pattern.h"

namespace weir {
namespace {

struct Sample {
  const char* protocol;
  bool is_tcp;
  uint16_t port;
  const char* bytes;
};

// What each protocol's specification gives as a message, or one built by it.
const Sample kSamples[] = {
    {"BACnet", false, 47808, "810a001101040005010c0c023fffff194c"},
    {"BACnet", false, 50000, "810b000c0120ffff00ff1008"},
    {"S7CommPlus", true, 102, "0300001f02f080720100101000000000000000000000000000000000000000"},
    {"OPC-UA", true, 50000,
     "48454c46380000000000000000000200000002000000004000800000180000006f70632e7463703a2f2f6c6f63616"
     "c"
     "686f73743a34383430"},
    {"HART-IP", false, 5094, "010000000001000d010000ea60"},
    {"FINS", false, 9600, "800002000100000a000001010182000000000a"},
    {"BeckhoffADS", true, 48898,
     "0000200000000a0b0c0d010121030a0b0c0e01010280010004000000000000000000010000"
     "00"},
    {"CIP", false, 2222, "0200028008000100000002000000b1000400aabbccdd"},
    {"IEC62056", true, 4059, "0001001000010003c00181"},
    {"UMAS", true, 502, "000100000004005a0002"},
    {"HSRP", false, 1985, "000010030a640100636973636f000000c0a80001"},
    {"HSRP", false, 1985,
     "0128020006040001000000000000000000640000000bb800002710c0a80001000000000000000000000000"},
    {"Service_Location_Protocol", false, 427,
     "0201000031200000000000010002656e00000015736572766963653a7072696e74657200000764656661756c74000"
     "0"
     "0000"},
    {"Gnutella", false, 6346, "000102030405060708090a0b0c0d0e0f00010000000000"},
    {"PTPv2", false, 319,
     "0002002c00000000000000000000000000000000000000000000000000000000000000000000000000000000"},
    {"BFD", false, 3784, "20c003180000000100000000000f4240000f424000000000"},
    {"NAT-PMP", false, 5351, "0000"},
    {"NAT-PMP", false, 5351, "000100000400040000000e10"},
    {"PFCP", false, 8805, "2001000c000001000060000400000001"},
    {"LDP", false, 646, "0001001e0a0000010000010000140000000004000004000f0000040100040a000001"},
    {"OpenFlow", true, 6653, "0400000800000001"},
    {"Kafka", true, 9092, "0000001200120003000000000008636f6e73756d6572"},
    {"Elasticsearch", true, 9300, "4553000000050000000001"},
    {"OpenVPN", false, 1194, "3811223344556677880000000000"},
    {"OpenVPN", true, 443, "000e3811223344556677880000000000"},
    {"BitTorrent", false, 50001, "4100530210eeb2f00000000000000000e7f50000"},
    {"QQ", false, 8000, "023655001700010203040506070803"},
};

struct Made {
  std::vector<uint8_t> bytes;
  Payload payload;
};
Made made_of(const Sample& sample) {
  const auto parsed = parse_pattern_bytes(sample.bytes);
  Made made;
  if (parsed) made.bytes = parsed->bits;
  made.payload.bytes = ByteReader(made.bytes);
  made.payload.is_tcp = sample.is_tcp;
  made.payload.is_stream_start = true;
  made.payload.client_port = 40000;
  made.payload.server_port = sample.port;
  return made;
}

TEST(SmallProtocols, AreKnownByTheirMessages) {
  for (const Sample& sample : kSamples) {
    const Made made = made_of(sample);
    ASSERT_FALSE(made.bytes.empty()) << sample.bytes;
    EXPECT_EQ(small_protocol(made.payload), sample.protocol) << sample.bytes;
  }
}

TEST(SmallProtocols, AreTakenFromTheEthereumSpecification) {
  std::string text(64, '1');
  text += std::string(130, '2');
  text.replace(192, 2, "01");
  text += "01ca048201028203048205ff";
  const Made made = made_of({"Ethereum", false, 30303, text.c_str()});
  EXPECT_EQ(small_protocol(made.payload), "Ethereum");
}

TEST(SmallProtocols, AreNotSeenOnTheOtherTransport) {
  for (const Sample& sample : kSamples) {
    Made made = made_of(sample);
    made.payload.is_tcp = !made.payload.is_tcp;
    const std::string_view found = small_protocol(made.payload);
    const bool is_of_both = std::string_view(sample.protocol) == "HART-IP" ||
                            std::string_view(sample.protocol) == "IEC62056" ||
                            std::string_view(sample.protocol) == "LDP" ||
                            std::string_view(sample.protocol) == "Service_Location_Protocol";
    EXPECT_EQ(found, is_of_both ? sample.protocol : "") << sample.bytes;
  }
}

TEST(SmallProtocols, AreNotSeenWhenTheirLengthIsWrong) {
  for (const char* protocol : {"BACnet", "BeckhoffADS", "CIP", "IEC62056", "UMAS", "PFCP", "Kafka",
                               "Gnutella", "OpenVPN", "HART-IP", "Elasticsearch"}) {
    for (const Sample& sample : kSamples) {
      if (std::string_view(sample.protocol) != protocol) continue;
      const std::string longer = std::string(sample.bytes) + "00";
      EXPECT_EQ(
          small_protocol(made_of({protocol, sample.is_tcp, sample.port, longer.c_str()}).payload),
          "")
          << sample.bytes;
    }
  }
}

// Of a million random payloads on random ports hardly one is taken for anything.
TEST(SmallProtocols, AreNotSeenInRandomBytes) {
  uint64_t state = 88172645463325252ULL;
  const auto next = [&state] {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  };
  std::map<std::string_view, int> found;
  std::vector<uint8_t> bytes(128);
  for (int i = 0; i < 1'000'000; ++i) {
    for (size_t at = 0; at < bytes.size(); at += 8) {
      const uint64_t random = next();
      for (size_t j = 0; j < 8; ++j) bytes[at + j] = static_cast<uint8_t>(random >> 8 * j);
    }
    Payload payload;
    payload.bytes = ByteReader(std::span(bytes).first(1 + next() % bytes.size()));
    payload.is_tcp = (next() & 1) != 0;
    payload.is_stream_start = true;
    payload.client_port = static_cast<uint16_t>(next());
    payload.server_port = static_cast<uint16_t>(next());
    if (const auto name = small_protocol(payload); !name.empty()) ++found[name];
  }
  for (const auto& [name, times] : found) EXPECT_LE(times, 1) << name;
  EXPECT_LE(found.size(), 3U);
}

}  // namespace
}  // namespace weir
