// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/capture_writer.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/capture_file.h"

namespace weir {
namespace {

class WrittenCapture : public testing::TestWithParam<CaptureFormat> {
 protected:
  void TearDown() override { std::remove(path_.c_str()); }

  std::string path_ =
      testing::TempDir() + "weir_written_capture_" + std::to_string(static_cast<int>(GetParam()));
};

TEST_P(WrittenCapture, IsReadBackByWeir) {
  constexpr uint64_t kPackets = 30'000;  // several buffers
  {
    auto writer = CaptureWriter::create(path_, GetParam());
    ASSERT_TRUE(writer) << writer.error().message;
    for (uint64_t i = 0; i < kPackets; ++i) {
      const size_t size = 60 + i % 4;
      if (!writer->has_room(size)) {
        ASSERT_TRUE(writer->flush());
      }
      const auto frame = writer->append({static_cast<uint32_t>(i), 123'456'789}, size);
      std::fill(frame.begin(), frame.end(), static_cast<uint8_t>(i));
    }
    ASSERT_TRUE(writer->flush());
  }
  auto source = open_capture_file(path_);
  ASSERT_TRUE(source) << source.error().message;
  PacketBatch batch;
  uint64_t i = 0;
  while ((*source)->poll(batch, std::chrono::milliseconds(0)) == PollStatus::kPackets) {
    for (size_t n = 0; n < batch.count; ++n, ++i) {
      const PacketView& packet = batch.packets[n];
      ASSERT_EQ(packet.wire_length, 60 + i % 4);
      ASSERT_EQ(packet.captured_length, packet.wire_length);
      ASSERT_EQ(packet.data[packet.captured_length - 1], static_cast<uint8_t>(i));
      ASSERT_EQ(packet.timestamp.seconds, i);
      ASSERT_EQ(packet.timestamp.nanoseconds,
                GetParam() == CaptureFormat::kPcap ? 123'456'000U : 123'456'789U);
      ASSERT_EQ(packet.link_type, LinkType::kEthernet);
    }
  }
  EXPECT_EQ(i, kPackets);
  EXPECT_EQ((*source)->error(), "");
}

INSTANTIATE_TEST_SUITE_P(Formats, WrittenCapture,
                         testing::Values(CaptureFormat::kPcap, CaptureFormat::kPcapNanoseconds,
                                         CaptureFormat::kPcapng));

TEST(CaptureWriter, SaysWhyAFileCannotBeOpened) {
  const auto writer =
      CaptureWriter::create(testing::TempDir() + "no/such/folder/x.pcap", CaptureFormat::kPcap);
  ASSERT_FALSE(writer);
  EXPECT_THAT(writer.error().message, testing::EndsWith("x.pcap: No such file or directory"));
}

TEST(CaptureWriter, SaysThatTheDiskIsFull) {
  auto writer = CaptureWriter::create("/dev/full", CaptureFormat::kPcap);
  ASSERT_TRUE(writer);
  const auto flushed = writer->flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().message, "write /dev/full: No space left on device");
}

}  // namespace
}  // namespace weir
