// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcap_parser.h"

#include <gtest/gtest.h>

#include "capture/test_files.h"

namespace weir {
namespace {

using namespace test;

constexpr uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr uint32_t kNanoseconds = 0xa1b23c4d;

TEST(PcapParser, ReadsMicrosecondsAndNanosecondsOfBothByteOrders) {
  for (const Order order : {Order::kLittle, Order::kBig}) {
    for (const uint32_t magic : {kMicroseconds, kNanoseconds}) {
      FileBytes file = pcap_header(magic, order, 113);
      add_record(file, 1'700'000'000, 123'456, "first packet");
      add_record(file, 1'700'000'001, 7, "second");
      const Reading reading = read_file(file);
      EXPECT_EQ(reading.error, "");
      ASSERT_EQ(reading.packets.size(), 2U);
      const uint32_t unit = magic == kMicroseconds ? 1000 : 1;
      EXPECT_EQ(reading.packets[0],
                (Packet{"first packet", 12, {1'700'000'000, 123'456 * unit}, LinkType::kLinuxSll}));
      EXPECT_EQ(reading.packets[1],
                (Packet{"second", 6, {1'700'000'001, 7 * unit}, LinkType::kLinuxSll}));
    }
  }
}

TEST(PcapParser, ReadsTheRecordsOfPatchedLibpcaps) {
  FileBytes file = pcap_header(0xa1b2cd34);
  for (const std::string_view data : {"abc", "defg"}) {
    add_header(file, {5, 6, static_cast<uint32_t>(data.size()), 99});
    file.u32(3).u16(0x0800).u8(4).u8(0).text(data);  // interface, protocol, packet type, padding
  }
  const Reading reading = read_file(file);
  ASSERT_EQ(reading.packets.size(), 2U);
  EXPECT_EQ(reading.packets[1], (Packet{"defg", 99, {5, 6000}, LinkType::kEthernet}));
}

TEST(PcapParser, KeepsTheWireLengthWhateverItClaims) {
  FileBytes file = pcap_header(kMicroseconds);
  add_header(file, {0, 0, 2, 4'093'509'168});
  file.text("ab");
  add_header(file, {0, 0, 2, 1});
  file.text("cd");
  const Reading reading = read_file(file);
  ASSERT_EQ(reading.packets.size(), 2U);
  EXPECT_EQ(reading.packets[0].wire_length, 4'093'509'168);
  EXPECT_EQ(reading.packets[1].wire_length, 1U);
  EXPECT_EQ(reading.packets[1].data, "cd");
}

TEST(PcapParser, CarriesAFractionOfMoreThanASecond) {
  FileBytes file = pcap_header(kMicroseconds);
  add_record(file, 10, 2'500'001, "a");
  add_record(file, UINT32_MAX, 1'000'000, "b");
  add_record(file, 10, UINT32_MAX, "c");
  const Reading reading = read_file(file);
  ASSERT_EQ(reading.packets.size(), 3U);
  EXPECT_EQ(reading.packets[0].timestamp, (Timestamp{12, 500'001'000}));
  EXPECT_EQ(reading.packets[1].timestamp, (Timestamp{UINT32_MAX, 999'999'999}));
  EXPECT_EQ(reading.packets[2].timestamp, (Timestamp{10 + 4294, 967'295'000}));
}

TEST(PcapParser, IgnoresTheFrameCheckBitsOfTheLinkType) {
  FileBytes file = pcap_header(kMicroseconds, Order::kLittle, 0x44000000 | 105);
  add_record(file, 0, 0, "a");
  ASSERT_EQ(read_file(file).packets.size(), 1U);
  EXPECT_EQ(read_file(file).packets[0].link_type, LinkType::kIeee80211);
}

TEST(PcapParser, DoesNotTakeALinkTypeWithClassBitsForAnother) {
  FileBytes file = pcap_header(kMicroseconds, Order::kLittle, 0x02240001);
  add_record(file, 0, 0, "a");
  ASSERT_EQ(read_file(file).packets.size(), 1U);
  EXPECT_NE(read_file(file).packets[0].link_type, LinkType::kEthernet);
}

TEST(PcapParser, SwapsTheLengthsOfOldVersions) {
  FileBytes old = pcap_header(kMicroseconds, Order::kBig, 1, 2);
  add_header(old, {0, 0, 60, 3});
  old.text("abc");
  EXPECT_EQ(read_file(old).packets.at(0), (Packet{"abc", 60, {}, LinkType::kEthernet}));
  FileBytes either = pcap_header(kMicroseconds, Order::kBig, 1, 3);
  add_header(either, {0, 0, 60, 3});
  either.text("abc");
  add_header(either, {0, 0, 3, 60});
  either.text("abc");
  EXPECT_EQ(read_file(either).packets.at(0), read_file(either).packets.at(1));
}

TEST(PcapParser, TellsOfAVersionItDoesNotKnow) {
  FileBytes file;
  file.u32(kMicroseconds).u16(9).u16(1).u32(0).u32(0).u32(0).u32(1);
  EXPECT_EQ(read_file(file).error,
            ": torn after packet 0 at byte 0: pcap version 9.1 is not known");
}

TEST(PcapParser, EndsPlainlyAfterAHeaderWithoutPackets) {
  EXPECT_EQ(read_file(pcap_header(kNanoseconds)), Reading{});
}

TEST(PcapParser, StopsAtACapturedLengthThatCannotBe) {
  for (const uint32_t captured : {kUsualMaxCapturedLength + 1, 0x7fffffffU, UINT32_MAX}) {
    FileBytes file = pcap_header(kMicroseconds);
    add_record(file, 1, 2, "good");
    add_header(file, {1, 2, captured, captured});
    file.text("whatever");
    const Reading reading = read_file(file);
    EXPECT_EQ(reading.packets.size(), 1U);
    EXPECT_EQ(reading.error, ": torn after packet 1 at byte 44: a packet cannot have " +
                                 std::to_string(captured) + " captured bytes");
  }
}

TEST(PcapParser, TakesAPacketBeyondTheSnapLengthIfItIsOfUsualSize) {
  FileBytes file;
  file.u32(kMicroseconds).u16(2).u16(4).u32(0).u32(0).u32(96).u32(1);  // snap length 96
  add_record(file, 1, 2, std::string(9000, 'x'));
  EXPECT_EQ(read_file(file).packets.at(0).data.size(), 9000U);
}

TEST(PcapParser, DeliversEverythingBeforeATearAtAnyByte) {
  FileBytes file = pcap_header(kMicroseconds);
  std::vector<size_t> ends{file.bytes().size()};
  for (const std::string_view data : {"one", "", "three and more"}) {
    add_record(file, 1, 2, data);
    ends.push_back(file.bytes().size());
  }
  const Reading whole = read_file(file);
  ASSERT_EQ(whole.packets.size(), 3U);
  for (size_t size = 4; size < file.bytes().size(); ++size) {
    const Reading reading = read_file(file.bytes().substr(0, size));
    size_t complete = 0;
    while (complete + 1 < ends.size() && ends[complete + 1] <= size) ++complete;
    ASSERT_EQ(reading.packets.size(), complete) << size;
    EXPECT_TRUE(std::equal(reading.packets.begin(), reading.packets.end(), whole.packets.begin()))
        << size;
    EXPECT_EQ(reading.error.empty(), size == ends[complete]) << size << reading.error;
  }
}

TEST(PcapParser, SaysWhereTheFileIsTorn) {
  FileBytes file = pcap_header(kMicroseconds);
  add_record(file, 1, 2, "0123456789");
  add_header(file, {1, 2, 60, 60});
  file.text("0123456789");
  EXPECT_EQ(
      read_file(file).error,
      ": torn after packet 1 at byte 50: the file ends 26 bytes into a record of at least 76");
}

}  // namespace
}  // namespace weir
