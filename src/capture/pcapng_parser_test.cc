// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcapng_parser.h"

#include <gtest/gtest.h>

#include "capture/test_files.h"

namespace weir {
namespace {

using namespace test;

FileBytes file_with(const InterfaceBlock& interface, Order order = Order::kLittle) {
  FileBytes file(order);
  add_section(file);
  add_interface(file, interface);
  return file;
}

TEST(PcapngParser, ReadsSeveralInterfacesEachOfItsOwnLinkTypeAndClock) {
  for (const Order order : {Order::kLittle, Order::kBig}) {
    FileBytes file(order);
    add_section(file);
    add_interface(file, {.link_type = 1});
    add_interface(file, {.link_type = 113, .resolution = 9});
    add_interface(file, {.link_type = 101, .resolution = 3});
    add_enhanced_packet(file, 2, 1'700'000'000'250, "raw");
    add_enhanced_packet(file, 0, 1'700'000'000'250'001, "ethernet");
    add_enhanced_packet(file, 1, 1'700'000'000'250'001'007, "cooked");
    const Reading reading = read_file(file);
    EXPECT_EQ(reading.error, "");
    ASSERT_EQ(reading.packets.size(), 3U);
    EXPECT_EQ(reading.packets[0], (Packet{"raw", 3, {1'700'000'000, 250'000'000}, LinkType::kRaw}));
    EXPECT_EQ(reading.packets[1],
              (Packet{"ethernet", 8, {1'700'000'000, 250'001'000}, LinkType::kEthernet}));
    EXPECT_EQ(reading.packets[2],
              (Packet{"cooked", 6, {1'700'000'000, 250'001'007}, LinkType::kLinuxSll}));
  }
}

TEST(PcapngParser, AddsTheTimeOffsetOfTheInterface) {
  for (const Order order : {Order::kLittle, Order::kBig}) {
    FileBytes file = file_with({.offset_seconds = 1'600'000'000}, order);
    add_interface(file, {.resolution = 0x80 | 20, .offset_seconds = -10});
    add_enhanced_packet(file, 0, 1'500'000, "a");
    add_enhanced_packet(file, 1, (uint64_t{1'700'000'000} << 20) + (1 << 18), "b");
    const Reading reading = read_file(file);
    ASSERT_EQ(reading.packets.size(), 2U);
    EXPECT_EQ(reading.packets[0].timestamp, (Timestamp{1'600'000'001, 500'000'000}));
    EXPECT_EQ(reading.packets[1].timestamp, (Timestamp{1'699'999'990, 250'000'000}));
  }
}

TEST(PcapngParser, ReadsSectionsOfDifferentByteOrdersAndForgetsTheirInterfaces) {
  FileBytes little = file_with({.link_type = 1});
  add_enhanced_packet(little, 0, 5'000'000, "little");
  FileBytes big = file_with({.link_type = 276}, Order::kBig);
  add_enhanced_packet(big, 0, 6'000'000, "big");
  const Reading reading = read_file(little.bytes() + big.bytes() + little.bytes());
  ASSERT_EQ(reading.packets.size(), 3U);
  EXPECT_EQ(reading.packets[1], (Packet{"big", 3, {6, 0}, LinkType::kLinuxSll2}));
  EXPECT_EQ(reading.packets[2], (Packet{"little", 6, {5, 0}, LinkType::kEthernet}));

  FileBytes without;
  add_section(without);
  add_enhanced_packet(without, 0, 0, "x");
  EXPECT_EQ(read_file(little.bytes() + without.bytes()).error,
            ": torn after packet 1 at byte " + std::to_string(little.bytes().size() + 28) +
                ": a packet of interface 0, which the section does not describe");
}

TEST(PcapngParser, GivesASimplePacketTheTimeOfTheOneBefore) {
  FileBytes file = file_with({.snap_length = 4});
  add_enhanced_packet(file, 0, 7'000'001, "timed");
  add_block(file, 3, FileBytes().u32(100).text("abcd"));  // cut by the snap length
  add_block(file, 3, FileBytes().u32(3).text("xyz"));
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.error, "");
  ASSERT_EQ(reading.packets.size(), 3U);
  EXPECT_EQ(reading.packets[1], (Packet{"abcd", 100, {7, 1000}, LinkType::kEthernet}));
  EXPECT_EQ(reading.packets[2], (Packet{"xyz", 3, {7, 1000}, LinkType::kEthernet}));
}

TEST(PcapngParser, ReadsTheObsoletePacketBlock) {
  FileBytes file = file_with({.link_type = 9});
  add_block(file, 2, FileBytes().u16(0).u16(17).u32(0).u32(3'000'004).u32(5).u32(90).text("hello"));
  EXPECT_EQ(read_file(file).packets.at(0), (Packet{"hello", 90, {3, 4000}, LinkType::kPpp}));
}

TEST(PcapngParser, SkipsBlocksItDoesNotKnow) {
  FileBytes file = file_with({});
  add_block(file, 5, FileBytes().u32(0).u64(1));                 // interface statistics
  add_block(file, 0x0bad0bad, FileBytes().text("anything..."));  // somebody's own
  add_block(file, 4, FileBytes());                               // an empty one
  add_enhanced_packet(file, 0, 0, "x");
  EXPECT_EQ(read_file(file).packets.size(), 1U);
  EXPECT_EQ(read_file(file).error, "");
}

TEST(PcapngParser, EndsPlainlyWithoutPackets) {
  EXPECT_EQ(read_file(file_with({})), Reading{});
}

// What is wrong with `bytes` after a section, an interface and one packet.
std::string tear_of(const FileBytes& bytes) {
  FileBytes file = file_with({});
  add_enhanced_packet(file, 0, 0, "good");
  const Reading reading = read_file(file.bytes() + bytes.bytes());
  EXPECT_EQ(reading.packets.size(), 1U);
  const std::string place =
      ": torn after packet 1 at byte " + std::to_string(file.bytes().size()) + ": ";
  EXPECT_EQ(reading.error.substr(0, place.size()), place);
  return reading.error.substr(place.size());
}

TEST(PcapngParser, DetectsBlockLengthsThatLie) {
  EXPECT_EQ(tear_of(FileBytes().u32(99).u32(8).u32(8)), "a block cannot be 8 bytes long");
  EXPECT_EQ(tear_of(FileBytes().u32(99).u32(0).u32(0)), "a block cannot be 0 bytes long");
  EXPECT_EQ(tear_of(FileBytes().u32(99).u32(13).u32(13).u32(13)),
            "a block cannot be 13 bytes long");
  EXPECT_EQ(tear_of(FileBytes().u32(99).u32(0xfffffffc).u32(0)),
            "a block cannot be 4294967292 bytes long");
  EXPECT_EQ(tear_of(FileBytes().u32(99).u32(16).u32(0).u32(20)),
            "a block says 16 bytes at its start and 20 at its end");
  EXPECT_EQ(tear_of(FileBytes().u32(0x0a0d0d0a).u32(28).u32(0x01020304)),
            "a section header without the byte-order magic");
}

TEST(PcapngParser, DetectsPacketsThatDoNotFitTheirBlock) {
  FileBytes enhanced;
  add_block(enhanced, 6, FileBytes().u32(0).u64(0).u32(9).u32(9).text("12345678"));
  EXPECT_EQ(tear_of(enhanced), "a packet of 9 captured bytes in a block with room for 8");
  FileBytes huge;
  add_block(huge, 6, FileBytes().u32(0).u64(0).u32(UINT32_MAX).u32(9));
  EXPECT_EQ(tear_of(huge), "a packet of 4294967295 captured bytes in a block with room for 0");
  FileBytes simple;
  add_block(simple, 3, FileBytes().u32(50).text("1234"));
  EXPECT_EQ(tear_of(simple), "a packet of 50 captured bytes in a block with room for 4");
  FileBytes cut;
  add_block(cut, 6, FileBytes().u32(0).u64(0));
  EXPECT_EQ(tear_of(cut), "a packet block is too short");
}

TEST(PcapngParser, TellsOfOtherDamage) {
  FileBytes unknown;
  add_enhanced_packet(unknown, 7, 0, "x");
  EXPECT_EQ(tear_of(unknown), "a packet of interface 7, which the section does not describe");
  FileBytes description;
  add_block(description, 1, FileBytes().u32(1));
  EXPECT_EQ(tear_of(description), "an interface description is too short");
  FileBytes version;
  add_block(version, 0x0a0d0d0a, FileBytes().u32(0x1a2b3c4d).u16(2).u16(0).u64(0));
  EXPECT_EQ(tear_of(version), "pcapng version 2.0 is not known");
}

TEST(PcapngParser, SurvivesOptionsThatRunOverTheEnd) {
  FileBytes file;
  add_section(file);
  add_block(file, 1, FileBytes().u16(1).u16(0).u32(0).u16(9).u16(60'000).u32(0));
  add_enhanced_packet(file, 0, 1'000'000, "x");
  EXPECT_EQ(read_file(file).packets.at(0).timestamp, (Timestamp{1, 0}));
}

TEST(PcapngParser, DeliversEverythingBeforeATearAtAnyByte) {
  FileBytes file = file_with({});
  std::vector<size_t> ends;
  for (const std::string_view data : {"one", "two!", "three and more"}) {
    ends.push_back(file.bytes().size());
    add_enhanced_packet(file, 0, 1, data);
  }
  ends.push_back(file.bytes().size());
  const Reading whole = read_file(file);
  ASSERT_EQ(whole.packets.size(), 3U);
  for (size_t size = 4; size < file.bytes().size(); ++size) {
    const Reading reading = read_file(file.bytes().substr(0, size));
    size_t complete = 0;
    while (complete + 1 < ends.size() && ends[complete + 1] <= size) ++complete;
    ASSERT_EQ(reading.packets.size(), complete) << size;
    EXPECT_TRUE(std::equal(reading.packets.begin(), reading.packets.end(), whole.packets.begin()))
        << size;
    const bool is_boundary = size == 28 || size == ends[complete];
    EXPECT_EQ(reading.error.empty(), is_boundary) << size << reading.error;
  }
}

}  // namespace
}  // namespace weir
