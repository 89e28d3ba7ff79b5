// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shared_files.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "capture/test_files.h"

namespace weir {
namespace {

using test::FileBytes;
using test::TemporaryFile;

constexpr size_t kPackets = 40'000;
const std::string kData(200, 'x');

FlowShares shares_among(uint32_t count) {
  return {KeyedHash(KeyedHash::Secret{0x1234567, 0x9abcdef1, 0x2468ace1, 0x13579bdf}), count};
}

// Packets whose seconds are their numbers: some thirty chunks, more than there is room for.
std::string many_packets() {
  FileBytes bytes = test::pcap_header(0xa1b2c3d4);
  for (uint32_t i = 0; i < kPackets; ++i) test::add_record(bytes, i, 0, kData);
  return bytes.bytes();
}

struct Seen {
  std::vector<uint32_t> seconds;
  size_t broken = 0;  // packets that are not as they were written
  size_t shared = 0;  // batches that were read for all
};

Seen read_all(SharedFiles& files, size_t reader, const std::atomic<bool>& stop,
              std::chrono::microseconds pause = {}) {
  Seen seen;
  while (const SharedFiles::Chunk* chunk = files.next(reader, stop)) {
    seen.shared += chunk->shared.batches();
    for (size_t i = 0; i < chunk->packets.count; ++i) {
      const PacketBatch& batch = chunk->packets.batches[i];
      for (const PacketView& view : std::span(batch.packets.data(), batch.count)) {
        seen.seconds.push_back(view.timestamp.seconds);
        const std::string_view data(reinterpret_cast<const char*>(view.data), view.captured_length);
        seen.broken += data == kData ? 0 : 1;
      }
    }
    if (pause.count() != 0) std::this_thread::sleep_for(pause);
  }
  return seen;
}

std::vector<uint32_t> numbers(size_t count, size_t times) {
  std::vector<uint32_t> all;
  for (size_t pass = 0; pass < times; ++pass) {
    for (uint32_t i = 0; i < count; ++i) all.push_back(i);
  }
  return all;
}

TEST(SharedFiles, ShowEachReaderEveryPacketInOrder) {
  const TemporaryFile file(many_packets());
  constexpr size_t kReaders = 3;
  SharedFiles files({file.path()}, 2, kReaders, shares_among(kReaders));
  const std::atomic<bool> stop{false};
  std::vector<Seen> seen(kReaders);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < kReaders; ++i) {
      // One of them is slow: it must not lose what the others are done with.
      const std::chrono::microseconds pause(i == 1 ? 500 : 0);
      threads.emplace_back([&, i, pause] { seen[i] = read_all(files, i, stop, pause); });
    }
  }
  const std::vector<uint32_t> expected = numbers(kPackets, 2);
  for (const Seen& one : seen) {
    EXPECT_EQ(one.seconds, expected);
    EXPECT_EQ(one.broken, 0U);
    EXPECT_GE(one.shared, expected.size() / kBatchSize);
  }
  EXPECT_TRUE(files.result().ok());
  EXPECT_TRUE(files.warnings().empty());
  EXPECT_EQ(files.progress(), 1);
}

TEST(SharedFiles, ReadNothingForAllWhenThereIsOneReader) {
  const TemporaryFile file(many_packets());
  SharedFiles files({file.path()}, 1, 1, shares_among(1));
  const Seen seen = read_all(files, 0, false);
  EXPECT_EQ(seen.seconds, numbers(kPackets, 1));
  EXPECT_EQ(seen.shared, 0U);
}

TEST(SharedFiles, KeepWhatATornFileHasAndSayIt) {
  const std::string whole = many_packets();
  const TemporaryFile torn(whole.substr(0, whole.size() - 10));
  const TemporaryFile other(whole);
  SharedFiles files({torn.path(), other.path()}, 1, 1, shares_among(1));
  std::vector<uint32_t> expected = numbers(kPackets, 2);
  expected.erase(expected.begin() + kPackets - 1);
  EXPECT_EQ(read_all(files, 0, false).seconds, expected);
  EXPECT_TRUE(files.result().ok());
  ASSERT_EQ(files.warnings().size(), 1U);
  EXPECT_NE(files.warnings()[0].find(torn.path() + ": torn after packet 39999"), std::string::npos);
}

TEST(SharedFiles, EndForAllWhenAFileIsGone) {
  const TemporaryFile file(many_packets());
  SharedFiles files({file.path(), file.path() + ".none"}, 1, 2, shares_among(2));
  std::vector<Seen> seen(2);
  {
    std::jthread other([&] { seen[1] = read_all(files, 1, false); });
    seen[0] = read_all(files, 0, false);
  }
  EXPECT_EQ(seen[0].seconds, numbers(kPackets, 1));
  EXPECT_EQ(seen[1].seconds, numbers(kPackets, 1));
  EXPECT_EQ(files.result().error().message, file.path() + ".none: there is no such file");
}

TEST(SharedFiles, StopWhileOthersHaveNotBegun) {
  const TemporaryFile file(many_packets());
  SharedFiles files({file.path()}, 1, 2, shares_among(2));
  std::atomic<bool> stop{false};
  // It can go on only until there is no room: the second reader has seen nothing.
  std::jthread stopper([&stop] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = true;
  });
  const Seen seen = read_all(files, 0, stop);
  EXPECT_LT(seen.seconds.size(), kPackets);
}

}  // namespace
}  // namespace weir
