// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filtered_source.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "capture/capture_file.h"
#include "capture/test_files.h"

namespace weir {
namespace {

using namespace test;

// An IPv4 datagram without payload, of a protocol.
std::string datagram(char protocol) {
  std::string packet{"\x45\0\0\x1c\0\0\0\0\x40", 9};
  packet += protocol;
  packet += std::string("\0\0\x0a\0\0\1\x0a\0\0\2\0\x35\0\x35\0\x08\0\0", 18);
  return packet;
}

std::string frame(char protocol) {
  return std::string(12, '\2') + std::string("\x08\0", 2) + datagram(protocol);
}

constexpr char kTcp = 6;
constexpr char kUdp = 17;

// 200 frames of TCP, each followed by one of UDP.
FileBytes mixed_file() {
  FileBytes file = pcap_header(0xa1b2c3d4);
  for (uint32_t i = 0; i < 200; ++i) {
    add_record(file, i, 0, frame(kTcp));
    add_record(file, i, 1, frame(kUdp));
  }
  return file;
}

// The file may go once it is open.
Result<std::unique_ptr<PacketSource>> open(const FileBytes& bytes, const std::string& expression) {
  const TemporaryFile file(bytes.bytes());
  auto source = open_capture_file(file.path());
  EXPECT_TRUE(source) << source.error().message;
  return filter_source(*std::move(source), expression);
}

TEST(FilteredSource, LetsThroughWhatTheExpressionSays) {
  const auto source = open(mixed_file(), "udp");
  ASSERT_TRUE(source) << source.error().message;
  const Reading reading = read_to_end(**source);
  ASSERT_EQ(reading.packets.size(), 200U);
  for (const Packet& packet : reading.packets) EXPECT_EQ(packet.data, frame(kUdp));
  EXPECT_EQ(reading.packets.back().timestamp, (Timestamp{199, 1000}));
  EXPECT_EQ((*source)->statistics().packets, 200U) << "the others are in no total";
}

TEST(FilteredSource, LetsEverythingThroughWithoutAnExpression) {
  const auto source = open(mixed_file(), "");
  ASSERT_TRUE(source);
  EXPECT_EQ(read_to_end(**source).packets.size(), 400U);
}

TEST(FilteredSource, EndsAlsoWhereNothingGetsThrough) {
  const auto source = open(mixed_file(), "sctp");
  ASSERT_TRUE(source);
  PacketBatch batch;
  EXPECT_EQ((*source)->poll(batch, std::chrono::minutes(1)), PollStatus::kEnd);
  EXPECT_TRUE((*source)->is_file());
  EXPECT_EQ((*source)->error(), "");
}

TEST(FilteredSource, ReadsTheExpressionForEachLinkType) {
  FileBytes file;
  add_section(file);
  add_interface(file, {.link_type = 1});
  add_interface(file, {.link_type = 101});
  add_enhanced_packet(file, 0, 1, frame(kUdp));
  add_enhanced_packet(file, 1, 2, datagram(kUdp));
  add_enhanced_packet(file, 1, 3, datagram(kTcp));
  const auto udp = open(file, "udp");
  ASSERT_TRUE(udp);
  EXPECT_EQ(read_to_end(**udp).packets.size(), 2U);
  const auto ether = open(file, "ether host 02:02:02:02:02:02");
  ASSERT_TRUE(ether);
  EXPECT_EQ(read_to_end(**ether).packets.size(), 1U) << "no sense for raw IP";
}

TEST(FilteredSource, RefusesAnExpressionThatIsNone) {
  const auto source = open(mixed_file(), "tcp prot 80");
  ASSERT_FALSE(source);
  EXPECT_NE(source.error().message.find("filter \"tcp prot 80\": "), std::string::npos);
}

}  // namespace
}  // namespace weir
