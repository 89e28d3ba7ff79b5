// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/stream_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>

#include "capture/test_files.h"

namespace weir {
namespace {

using namespace test;
using std::chrono::milliseconds;

// A source that reads from a pipe, and the end to write to.
struct Pipe {
  Descriptor write_end;
  std::unique_ptr<PacketSource> source;

  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    write_end = Descriptor(ends[1]);
    auto opened = open_capture_stream(Descriptor(ends[0]), "-");
    EXPECT_TRUE(opened.ok());
    source = *std::move(opened);
  }
  void write(std::string_view bytes) const {
    ASSERT_EQ(::write(write_end.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }
  void close() { Descriptor(std::move(write_end)); }
};

// What the stream reader makes of bytes that come `chunk` at a time, polled after each.
Reading read_in_chunks(std::string_view bytes, size_t chunk) {
  Pipe pipe;
  Reading reading;
  PacketBatch batch;
  for (size_t at = 0; at < bytes.size(); at += chunk) {
    pipe.write(bytes.substr(at, chunk));
    while (pipe.source->poll(batch, milliseconds(0)) == PollStatus::kPackets) {
      for (size_t i = 0; i < batch.count; ++i) reading.packets.push_back(copy_of(batch.packets[i]));
    }
  }
  pipe.close();
  Reading rest = read_to_end(*pipe.source);
  for (Packet& packet : rest.packets) reading.packets.push_back(std::move(packet));
  reading.error = rest.error.empty() ? "" : rest.error.substr(1);  // without the name "-"
  return reading;
}

FileBytes small_pcap() {
  FileBytes file = pcap_header(0xa1b23c4d, Order::kBig);
  for (uint32_t i = 0; i < 150; ++i)
    add_record(file, i, i, std::string(i % 97, static_cast<char>(i)));
  return file;
}

FileBytes small_pcapng() {
  FileBytes file;
  add_section(file);
  add_interface(file, {.resolution = 9});
  for (uint32_t i = 0; i < 150; ++i)
    add_enhanced_packet(file, 0, i, std::string(i % 97, static_cast<char>(i)));
  return file;
}

TEST(StreamFile, GivesTheSameAsAFileHoweverTheBytesCome) {
  for (const FileBytes& file : {small_pcap(), small_pcapng()}) {
    const Reading from_file = read_file(file);
    ASSERT_EQ(from_file.packets.size(), 150U);
    for (const size_t chunk : {1U, 3U, 17U, 1000U, 60'000U}) {
      EXPECT_EQ(read_in_chunks(file.bytes(), chunk), from_file) << chunk;
    }
  }
}

TEST(StreamFile, IsTornWhereAFileIs) {
  for (const FileBytes& file : {small_pcap(), small_pcapng()}) {
    for (const size_t size : {4U, 5U, 23U, 25U, 100U, 1001U}) {
      const std::string_view cut = std::string_view(file.bytes()).substr(0, size);
      const Reading from_file = read_file(cut);
      EXPECT_NE(from_file.error, "") << size;
      EXPECT_EQ(read_in_chunks(cut, 7), from_file) << size;
    }
  }
}

TEST(StreamFile, SaysThatAStreamIsNoCapture) {
  for (const std::string_view bytes : {"", "x", "abc", "hello, world", "\x1f\x8b\x08\x08..."}) {
    EXPECT_EQ(read_in_chunks(bytes, 2), read_file(bytes)) << bytes;
  }
}

TEST(StreamFile, IsIdleWhileNothingComesAndGoesOnAfterwards) {
  Pipe pipe;
  PacketBatch batch;
  EXPECT_EQ(pipe.source->poll(batch, milliseconds(1)), PollStatus::kIdle);
  FileBytes file = pcap_header(0xa1b2c3d4);
  pipe.write(file.bytes());
  EXPECT_EQ(pipe.source->poll(batch, milliseconds(1)), PollStatus::kIdle);
  FileBytes record;
  add_record(record, 1, 2, "late");
  pipe.write(record.bytes());
  EXPECT_EQ(pipe.source->poll(batch, milliseconds(1000)), PollStatus::kPackets);
  EXPECT_EQ(copy_of(batch.packets[0]).data, "late");
  EXPECT_EQ(pipe.source->progress(), -1);
}

TEST(StreamFile, ReadsAPacketLargerThanItsFirstBuffer) {
  const TemporaryFile file([] {
    FileBytes bytes;
    bytes.u32(0xa1b2c3d4).u16(2).u16(4).u32(0).u32(0).u32(16 << 20).u32(1);
    add_record(bytes, 1, 2, std::string(5 << 20, 'x'));
    add_record(bytes, 1, 2, "small");
    return bytes.bytes();
  }());
  auto source = open_capture_stream(Descriptor(::open(file.path().c_str(), O_RDONLY)), "big");
  ASSERT_TRUE(source.ok());
  const Reading reading = read_to_end(**source);
  EXPECT_EQ(reading.error, "");
  ASSERT_EQ(reading.packets.size(), 2U);
  EXPECT_EQ(reading.packets[0].data, std::string(5 << 20, 'x'));
  EXPECT_EQ(reading.packets[1].data, "small");
}

TEST(StreamFile, RefusesATerminal) {
  const Descriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  ASSERT_TRUE(terminal.is_open());
  ASSERT_EQ(::grantpt(terminal.get()), 0);
  ASSERT_EQ(::unlockpt(terminal.get()), 0);
  const auto source =
      open_capture_stream(Descriptor(::open(::ptsname(terminal.get()), O_RDWR | O_NOCTTY)), "-");
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().message, "-: is a terminal; pipe a capture into it");
}

}  // namespace
}  // namespace weir
