// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_initial.h"

#include <gtest/gtest.h>

#include "dpi/test_quic.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;
using test_quic::hex;

QuicVersion version_of(uint32_t number) {
  QuicVersion version;
  EXPECT_TRUE(find_quic_version(number, version)) << number;
  return version;
}

QuicKeys keys_of(uint32_t number, QuicSide side) {
  const std::string id = from_hex("8394c8f03e515708");
  QuicKeys keys;
  EXPECT_TRUE(derive_quic_keys(version_of(number), reader(id), side, keys));
  return keys;
}

// RFC 9001, appendix A.1.
TEST(QuicKeys, AreThoseOfRfc9001) {
  const QuicKeys client = keys_of(kQuicV1, QuicSide::kClient);
  EXPECT_EQ(hex(client.key), "1f369613dd76d5467730efcbe3b1a22d");
  EXPECT_EQ(hex(client.iv), "fa044b2f42a3fd3b46fb255c");
  EXPECT_EQ(hex(client.header_key), "9f50449e04a0e810283a1e9933adedd2");
  const QuicKeys server = keys_of(kQuicV1, QuicSide::kServer);
  EXPECT_EQ(hex(server.key), "cf3a5331653c364c88f0f379b6067e37");
  EXPECT_EQ(hex(server.iv), "0ac1493ca1905853b0bba03e");
  EXPECT_EQ(hex(server.header_key), "c206b8d9b9f0f37644430b490eeaa314");
}

// RFC 9369, appendix A.1.
TEST(QuicKeys, AreThoseOfRfc9369) {
  const QuicKeys client = keys_of(kQuicV2, QuicSide::kClient);
  EXPECT_EQ(hex(client.key), "8b1a0bc121284290a29e0971b5cd045d");
  EXPECT_EQ(hex(client.iv), "91f73e2351d8fa91660e909f");
  EXPECT_EQ(hex(client.header_key), "45b95e15235d6f45a6b19cbcb0294ba9");
  const QuicKeys server = keys_of(kQuicV2, QuicSide::kServer);
  EXPECT_EQ(hex(server.key), "82db637861d55e1d011f19ea71d5d2a7");
  EXPECT_EQ(hex(server.iv), "dd13c276499c0249d3310652");
  EXPECT_EQ(hex(server.header_key), "edf6d05c83121201b436e16877593c3a");
}

// RFC 4231, test cases 1 and 2.
TEST(HmacSha256, IsThatOfRfc4231) {
  const auto hmac = [](const std::string& key, std::string_view message) {
    Sha256Digest digest{};
    EXPECT_TRUE(hmac_sha256(reader(key).rest(), reader(message).rest(), digest));
    return hex(digest);
  };
  EXPECT_EQ(hmac(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  Sha256Digest digest{};
  EXPECT_FALSE(hmac_sha256(reader(std::string(65, 'k')).rest(), {}, digest));
}

std::string opened(std::string_view packet, QuicSide side) {
  QuicLongHeader header;
  EXPECT_TRUE(read_quic_long_header(reader(packet), header));
  const auto frames =
      open_quic_initial(reader(packet), header, keys_of(header.number, side)).rest();
  return {frames.begin(), frames.end()};
}

TEST(OpenQuicInitial, OpensTheServersPacketOfRfc9001) {
  const std::string frames = opened(test_quic::rfc9001_server_initial(), QuicSide::kServer);
  EXPECT_EQ(frames.size(), 99U);
  EXPECT_EQ(hex(reader(frames.substr(0, 11)).rest()), "02000000000600405a0200");
}

TEST(OpenQuicInitial, OpensTheServersPacketOfRfc9369) {
  const std::string frames = opened(test_quic::rfc9369_server_initial(), QuicSide::kServer);
  EXPECT_EQ(hex(reader(frames.substr(0, 11)).rest()), "02000000000600405a0200");
}

TEST(OpenQuicInitial, OpensWhatWasSealed) {
  for (const uint32_t number :
       {kQuicV1, kQuicV2, 0xff00001dU, 0xff000016U, 0xfaceb002U, 0x54303531U}) {
    test_quic::Sealer sealer(number, "original");
    const std::string packet = sealer.client_initial("frames, long enough to be sampled");
    QuicLongHeader header;
    ASSERT_TRUE(read_quic_long_header(reader(packet), header));
    QuicKeys keys;
    ASSERT_TRUE(derive_quic_keys(header.version, header.destination_id, QuicSide::kClient, keys));
    const auto frames = open_quic_initial(reader(packet), header, keys).rest();
    EXPECT_EQ(std::string(frames.begin(), frames.end()), "frames, long enough to be sampled");
  }
}

TEST(OpenQuicInitial, OpensNothingThatWasChangedOrCut) {
  const std::string packet = test_quic::rfc9001_server_initial();
  for (size_t at = 0; at < packet.size(); at += 7) {
    std::string changed = packet;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    QuicLongHeader header;
    if (!read_quic_long_header(reader(changed), header)) continue;
    const QuicKeys keys = keys_of(kQuicV1, QuicSide::kServer);
    EXPECT_TRUE(open_quic_initial(reader(changed), header, keys).empty()) << at;
  }
  for (size_t size = 0; size < packet.size(); ++size) {
    const std::string cut = packet.substr(0, size);
    QuicLongHeader header;
    if (!read_quic_long_header(reader(cut), header)) continue;
    const QuicKeys keys = keys_of(kQuicV1, QuicSide::kServer);
    EXPECT_TRUE(open_quic_initial(reader(cut), header, keys).empty()) << size;
  }
}

TEST(QuicHeader, ReadsTheFieldsOfAnInitial) {
  const std::string packet = test_quic::rfc9001_server_initial();
  QuicLongHeader header;
  ASSERT_TRUE(read_quic_long_header(reader(packet + "behind"), header));
  EXPECT_EQ(header.type, QuicPacketType::kInitial);
  EXPECT_EQ(header.number, kQuicV1);
  EXPECT_EQ(header.destination_id.remaining(), 0U);
  EXPECT_EQ(header.source_id.remaining(), 8U);
  EXPECT_EQ(header.protected_at, 18U);
  EXPECT_EQ(header.size, packet.size());
}

TEST(QuicHeader, KnowsTheTypesOfBothVersions) {
  const auto type_of = [](uint8_t first, uint32_t version) {
    const std::string packet = number(first, 1) + number(version, 4) + vector(1, "d") +
                               vector(1, "s") + std::string("\0\x05", 2) + "01234";
    QuicLongHeader header;
    EXPECT_TRUE(read_quic_long_header(reader(packet), header));
    return header.type;
  };
  EXPECT_EQ(type_of(0xc0, kQuicV1), QuicPacketType::kInitial);
  EXPECT_EQ(type_of(0xd0, kQuicV1), QuicPacketType::kZeroRtt);
  EXPECT_EQ(type_of(0xe0, kQuicV1), QuicPacketType::kHandshake);
  EXPECT_EQ(type_of(0xf0, kQuicV1), QuicPacketType::kRetry);
  EXPECT_EQ(type_of(0xc0, kQuicV2), QuicPacketType::kRetry);
  EXPECT_EQ(type_of(0xd0, kQuicV2), QuicPacketType::kInitial);
  EXPECT_EQ(type_of(0xe0, kQuicV2), QuicPacketType::kZeroRtt);
  EXPECT_EQ(type_of(0xf0, kQuicV2), QuicPacketType::kHandshake);
}

TEST(QuicHeader, RefusesWhatDoesNotFit) {
  QuicLongHeader header;
  const auto reads = [&](const std::string& packet) {
    return read_quic_long_header(reader(packet), header);
  };
  const std::string start = number(0xc0, 1) + number(kQuicV1, 4);
  EXPECT_FALSE(reads(""));
  EXPECT_FALSE(reads(start));
  EXPECT_FALSE(reads("\x40" + start.substr(1)));
  EXPECT_FALSE(reads(start + vector(1, std::string(21, 'd')) + vector(1, "") + "\0\1x"));
  EXPECT_FALSE(reads(start + number(9, 1) + "short"));
  EXPECT_FALSE(reads(number(0xc0, 1) + number(0x12345678, 4) + vector(1, "d") + vector(1, "s")));
  EXPECT_FALSE(reads(start + vector(1, "d") + vector(1, "s") + number(200, 1) + "token"));
  EXPECT_TRUE(
      reads(number(0x80, 1) + number(0, 4) + vector(1, "d") + vector(1, "s") + number(1, 4)));
  EXPECT_EQ(header.type, QuicPacketType::kVersionNegotiation);
  EXPECT_FALSE(reads(number(0x80, 1) + number(0, 4) + vector(1, "d") + vector(1, "s") + "odd"));
}

TEST(QuicHeader, ReadsIntegersOfAllSizes) {  // RFC 9000, appendix A.1
  const auto read = [](std::string_view bytes_in_hex) {
    const std::string bytes = from_hex(bytes_in_hex);
    ByteReader in = reader(bytes);
    uint64_t value = 0;
    EXPECT_TRUE(take_quic_integer(in, value));
    EXPECT_TRUE(in.empty());
    return value;
  };
  EXPECT_EQ(read("c2197c5eff14e88c"), 151288809941952652U);
  EXPECT_EQ(read("9d7f3e7d"), 494878333U);
  EXPECT_EQ(read("7bbd"), 15293U);
  EXPECT_EQ(read("25"), 37U);
  ByteReader in = reader("\x7b");
  uint64_t value = 0;
  EXPECT_FALSE(take_quic_integer(in, value));
  in = ByteReader();
  EXPECT_FALSE(take_quic_integer(in, value));
}

TEST(QuicVersion, HasNames) {
  EXPECT_EQ(quic_version_name(kQuicV1), "v1");
  EXPECT_EQ(quic_version_name(kQuicV2), "v2");
  EXPECT_EQ(quic_version_name(0xff00001d), "draft-29");
  EXPECT_EQ(quic_version_name(0xfaceb002), "mvfst-2");
  EXPECT_EQ(quic_version_name(0x51303433), "Q043");
  EXPECT_EQ(quic_version_name(0x54303531), "T051");
  EXPECT_EQ(quic_version_name(0x0a0a0a0a), "0x0a0a0a0a");
}

TEST(QuicVersion, KnowsOnlySome) {
  QuicVersion version;
  EXPECT_TRUE(find_quic_version(0x6a7a8a9a, version));   // reserved
  EXPECT_FALSE(find_quic_version(0xff000015, version));  // draft-21
  EXPECT_FALSE(find_quic_version(0xff000023, version));
  EXPECT_FALSE(find_quic_version(0x51303233, version));  // Q023
  EXPECT_FALSE(find_quic_version(2, version));
  EXPECT_TRUE(version_of(0x51303530).is_google);
  EXPECT_EQ(version_of(0x51303433).keys, QuicVersion::Keys::kNone);
  EXPECT_FALSE(version_of(0x54303530).is_google);
}

}  // namespace
}  // namespace weir
