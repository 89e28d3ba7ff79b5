// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "capture/test_files.h"

namespace weir {
namespace {

using namespace test;

std::string error_of(const std::string& path) {
  const auto source = open_capture_file(path);
  return source ? "" : source.error().message;
}

TEST(CaptureFile, SaysWhatAFileIsWhenItIsNoCapture) {
  const std::string reads = "; weir reads pcap and pcapng";
  EXPECT_EQ(read_file("").error, ": is empty" + reads);
  EXPECT_EQ(read_file("#!").error, ": is no capture" + reads);
  EXPECT_EQ(read_file("#!/bin/sh\n").error, ": is no capture" + reads);
  EXPECT_EQ(read_file("\x1f\x8b\x08\x08").error, ": is compressed with gzip: gunzip it first");
  EXPECT_EQ(read_file("\x28\xb5\x2f\xfd").error, ": is compressed with zstd: unzstd it first");
  EXPECT_EQ(read_file("BZh9....").error, ": is compressed with bzip2: bunzip2 it first");
  EXPECT_EQ(read_file("snoop").error, ": is a snoop capture" + reads + " (editcap converts)");
}

TEST(CaptureFile, SaysWhyAPathCannotBeRead) {
  EXPECT_EQ(error_of("/no/such/x.pcap"), "/no/such/x.pcap: there is no such file");
  EXPECT_EQ(error_of("/tmp"), "/tmp: is a directory; name the capture files in it");
}

TEST(CaptureFile, KnowsItsNameAndHowFarItCame) {
  FileBytes bytes = pcap_header(0xa1b2c3d4);
  for (size_t i = 0; i < 2 * kBatchSize; ++i) add_record(bytes, 0, 0, "x");
  const TemporaryFile file(bytes.bytes());
  auto source = open_capture_file(file.path());
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->name(), file.path());
  EXPECT_TRUE((*source)->is_file());
  EXPECT_EQ((*source)->progress(), 0);
  PacketBatch batch;
  ASSERT_EQ((*source)->poll(batch, {}), PollStatus::kPackets);
  EXPECT_EQ(batch.count, kBatchSize);
  EXPECT_GT((*source)->progress(), 0.4);
  EXPECT_LT((*source)->progress(), 0.6);
  EXPECT_EQ((*source)->statistics().packets, kBatchSize);
  ASSERT_EQ((*source)->poll(batch, {}), PollStatus::kPackets);
  ASSERT_EQ((*source)->poll(batch, {}), PollStatus::kEnd);
  ASSERT_EQ((*source)->poll(batch, {}), PollStatus::kEnd);
  EXPECT_EQ((*source)->progress(), 1);
  EXPECT_EQ((*source)->statistics().packets, 2 * kBatchSize);
}

TEST(CaptureFile, ReadsOnThroughManyBuffers) {
  FileBytes bytes = pcap_header(0xa1b2c3d4);
  constexpr uint32_t kPackets = (16U << 20) / 60'000;
  const std::string data(60'000, 'x');
  for (uint32_t i = 0; i < kPackets; ++i) add_record(bytes, i, 0, data);
  const Reading reading = read_file(bytes);
  EXPECT_EQ(reading.error, "");
  ASSERT_EQ(reading.packets.size(), kPackets);
  for (uint32_t i = 0; i < kPackets; ++i) {
    EXPECT_EQ(reading.packets[i].timestamp.seconds, i);
    EXPECT_EQ(reading.packets[i].data, data);
  }
}

TEST(CaptureFile, StopsWhenTheFileBecomesShorter) {
  FileBytes bytes = pcap_header(0xa1b2c3d4);
  const std::string data(200'000, 'x');
  for (int i = 0; i < 200; ++i) add_record(bytes, 0, 0, data);
  const TemporaryFile file(bytes.bytes());
  auto source = open_capture_file(file.path());
  ASSERT_TRUE(source.ok());
  PacketBatch batch;
  ASSERT_EQ((*source)->poll(batch, {}), PollStatus::kPackets);
  ASSERT_EQ(::truncate(file.path().c_str(), 100), 0);
  EXPECT_EQ((*source)->poll(batch, {}), PollStatus::kEnd);
  EXPECT_EQ((*source)->error(),
            file.path() +
                ": torn after packet 1 at byte 200040: the file became shorter while it was read");
}

TEST(CaptureFile, ReadsAFifo) {
  const TemporaryFile place("");
  const std::string fifo = place.path() + ".fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  auto source = open_capture_file(fifo);  // does not wait for somebody to write
  ASSERT_TRUE(source.ok());
  PacketBatch batch;
  EXPECT_EQ((*source)->poll(batch, std::chrono::milliseconds(1)), PollStatus::kIdle);
  std::jthread writer([&fifo] {
    FileBytes bytes = pcap_header(0xa1b2c3d4);
    add_record(bytes, 1, 2, "through a fifo");
    std::ofstream(fifo, std::ios::binary) << bytes.bytes();
  });
  const Reading reading = read_to_end(**source);
  EXPECT_EQ(reading.error, "");
  EXPECT_EQ(reading.packets.at(0).data, "through a fifo");
  ::unlink(fifo.c_str());
}

}  // namespace
}  // namespace weir
