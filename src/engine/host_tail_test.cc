// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_tail.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/rounded_up.h"

namespace weir {
namespace {

constexpr size_t kOneSet = 1;
constexpr uint32_t kNow = 1'700'000'000;

HostRecord host_of(uint8_t number, uint64_t bytes, uint32_t last_second = kNow) {
  const std::array<uint8_t, 4> address{10, 0, 0, number};
  HostRecord record;
  record.key.address = IpAddress::from_v4(address.data());
  record.sent[0] = {2, bytes - 1};
  record.received[1] = {1, 1};
  record.first_seen = {last_second - 10, 0};
  record.last_seen = {last_second, 0};
  return record;
}
uint64_t bytes_of(const HostRecord& record) {
  return record.total_sent().bytes + record.total_received().bytes;
}

std::unique_ptr<HostTail> tail_of_one_set(std::chrono::seconds timeout = HostTail::kNever) {
  auto tail = HostTail::create(kOneSet, timeout);
  EXPECT_TRUE(tail.ok());
  return std::move(*tail);
}

TEST(HostTail, GivesBackWhatItWasGiven) {
  const auto tail = tail_of_one_set();
  EXPECT_FALSE(tail->was_used());
  HostRecord host = host_of(1, 1000);
  host.mac.bytes = {2, 0, 0, 0, 0, 1};
  host.bytes_error = 7;
  tail->remember(host, 5, kNow);
  EXPECT_TRUE(tail->was_used());
  EXPECT_EQ(tail->hosts(), 1U);
  EXPECT_EQ(tail->bytes(), 1000U);
  const HostRecord back = tail->recall(host.key, 5, kNow);
  EXPECT_EQ(back.sent, host.sent);
  EXPECT_EQ(back.received, host.received);
  EXPECT_EQ(back.first_seen, host.first_seen);
  EXPECT_EQ(back.last_seen, host.last_seen);
  EXPECT_EQ(back.mac, host.mac);
  EXPECT_EQ(back.bytes_error, 7U);
  EXPECT_EQ(tail->hosts(), 0U);
  EXPECT_EQ(tail->bytes(), 0U);
  EXPECT_EQ(tail->recall(host.key, 5, kNow).last_seen, Timestamp{}) << "only once";
}

TEST(HostTail, TellsHostsOfOneHashApart) {
  const auto tail = tail_of_one_set();
  tail->remember(host_of(1, 1000), 5, kNow);
  tail->remember(host_of(2, 2000), 5, kNow);
  EXPECT_EQ(bytes_of(tail->recall(host_of(2, 1).key, 5, kNow)), 2000U);
  EXPECT_EQ(bytes_of(tail->recall(host_of(1, 1).key, 5, kNow)), 1000U);
}

TEST(HostTail, KeepsTheHeaviestAndBoundsTheRest) {
  const auto tail = tail_of_one_set();
  for (uint8_t i = 1; i <= HostTail::kWays; ++i) tail->remember(host_of(i, 1000U * i), i, kNow);
  EXPECT_EQ(tail->floor(99, kNow), 0U) << "nothing was forgotten yet";
  tail->remember(host_of(20, 500), 20, kNow);
  EXPECT_EQ(tail->floor(99, kNow), 500U);
  tail->remember(host_of(21, 5500), 21, kNow);
  EXPECT_EQ(tail->floor(99, kNow), 1000U) << "host 1 made place";
  EXPECT_EQ(tail->hosts(), HostTail::kWays);
  EXPECT_EQ(tail->hosts_dropped(), 2U);
  EXPECT_EQ(tail->bytes(), 2000U + 3000 + 4000 + 5000 + 6000 + 7000 + 8000 + 5500);
  EXPECT_EQ(tail->recall(host_of(1, 1).key, 1, kNow).bytes_error, 1000U);
  EXPECT_EQ(tail->recall(host_of(8, 1).key, 8, kNow).bytes_error, 0U);
}

TEST(HostTail, CountsWhatMayBeMissingAsWeight) {
  const auto tail = tail_of_one_set();
  for (uint8_t i = 1; i <= HostTail::kWays; ++i) tail->remember(host_of(i, 1000), i, kNow);
  HostRecord doubtful = host_of(20, 10);
  doubtful.bytes_error = 5000;
  tail->remember(doubtful, 20, kNow);
  EXPECT_EQ(tail->recall(doubtful.key, 20, kNow).bytes_error, 5000U);
}

TEST(HostTail, AddsPartsOfOneHost) {
  const auto tail = tail_of_one_set();
  tail->remember_part(host_of(1, 1000, kNow - 5), 1, kNow);
  HostRecord later = host_of(1, 300);
  tail->remember_part(later, 1, kNow);
  EXPECT_EQ(tail->hosts(), 1U);
  const HostRecord both = tail->recall(later.key, 1, kNow);
  EXPECT_EQ(bytes_of(both), 1300U);
  EXPECT_EQ(both.first_seen.seconds, kNow - 15);
  EXPECT_EQ(both.last_seen.seconds, kNow);
}

TEST(HostTail, ForgetsALifeThatIsOver) {
  const auto tail = tail_of_one_set(std::chrono::seconds(100));
  for (uint8_t i = 1; i <= HostTail::kWays; ++i) tail->remember(host_of(i, 1000), i, kNow);
  EXPECT_TRUE(tail->snapshot(0, kNow + 100));
  EXPECT_FALSE(tail->snapshot(0, kNow + 101)) << "readers do not see it any more";
  tail->remember(host_of(20, 10, kNow + 101), 20, kNow + 101);
  EXPECT_EQ(tail->hosts_dropped(), 0U) << "it made place without being missed";
  EXPECT_EQ(tail->floor(99, kNow + 101), 0U);
  const HostRecord again = tail->recall(host_of(2, 1).key, 2, kNow + 101);
  EXPECT_EQ(bytes_of(again), 0U);
  EXPECT_EQ(again.bytes_error, 0U);
}

TEST(HostTail, ForgetsAFloorAfterTwoTimeouts) {
  const auto tail = tail_of_one_set(std::chrono::seconds(100));
  for (uint8_t i = 1; i <= HostTail::kWays + 1; ++i) tail->remember(host_of(i, 1000), i, kNow);
  EXPECT_EQ(tail->floor(99, kNow), 1000U);
  EXPECT_EQ(tail->floor(99, kNow + 100), 1000U) << "that host may still come back";
  EXPECT_EQ(tail->floor(99, kNow + 200), 0U);
  // The owner's own books move on in the same way.
  tail->remember(host_of(30, 2000, kNow + 100), 30, kNow + 100);
  EXPECT_EQ(tail->floor(99, kNow + 100), 1000U);
  EXPECT_EQ(tail->recall(host_of(31, 1).key, 31, kNow + 100).bytes_error, 1000U);
}

TEST(HostTail, KeepsItsBoundsWhenTheClockIsSetBack) {
  const auto tail = tail_of_one_set(std::chrono::seconds(100));
  for (uint8_t i = 1; i <= HostTail::kWays + 1; ++i) tail->remember(host_of(i, 1000), i, kNow);
  EXPECT_EQ(tail->floor(99, kNow - 5000), 1000U);
  tail->remember(host_of(30, 10, kNow - 5000), 30, kNow - 5000);
  EXPECT_EQ(tail->floor(99, kNow - 5000), 1000U);
}

TEST(HostTail, ShowsItsHostsToReaders) {
  auto tail = HostTail::create(size_t{64} << 10, HostTail::kNever);
  ASSERT_TRUE(tail.ok());
  EXPECT_LE((*tail)->memory_bytes(), size_t{72} << 10);
  for (uint8_t i = 1; i <= 100; ++i)
    (*tail)->remember(host_of(i, 1000U + i), i * 0x0123456789abcdefU, kNow);
  uint64_t bytes = 0;
  for (size_t entry = 0; entry < (*tail)->limit(); ++entry) {
    if (const auto host = (*tail)->snapshot(entry, kNow)) bytes += bytes_of(*host);
  }
  EXPECT_EQ(bytes, (*tail)->bytes());
  EXPECT_GT((*tail)->hosts(), 60U) << "the hash spreads them over the sets";
}

// A host of 1,000 bytes is forgotten in each epoch, so the floor is 1,000 in every one of them,
// whichever side of a move a reader stands on.
TEST(HostTail, ShowsAFloorToReadersWhileEpochsMove) {
  const auto tail = tail_of_one_set(std::chrono::seconds(1));
  constexpr uint32_t kEpochs = 2'000'000;
  constexpr uint32_t kAfterAll = kNow + kEpochs + 10;
  for (uint8_t i = 1; i <= HostTail::kWays; ++i)
    tail->remember(host_of(i, 1000, kAfterAll), i, kNow);
  const HostRecord forgotten = host_of(20, 1000, kAfterAll);
  tail->remember(forgotten, 20, kNow);
  std::atomic<uint32_t> second{kNow};
  std::atomic<bool> done{false};
  std::atomic<uint64_t> wrong{0};
  std::atomic<uint64_t> looks{0};
  std::jthread reader([&] {
    while (!done.load()) {
      if (tail->floor(99, second.load()) != 1000) wrong.fetch_add(1);
      looks.fetch_add(1);
    }
  });
  while (looks.load() == 0) std::this_thread::yield();
  for (uint32_t i = 1; i <= kEpochs; ++i) {
    second.store(kNow + i);
    tail->remember(forgotten, 20, kNow + i);
  }
  done.store(true);
  reader.join();
  EXPECT_EQ(wrong.load(), 0U) << "of " << looks.load();
}

TEST(RoundedUp, IsExactWhereItCanBeAndNeverTooLow) {
  for (const uint64_t bound : {uint64_t{0}, uint64_t{1}, (uint64_t{1} << 26) - 1})
    EXPECT_EQ(RoundedUp::value(RoundedUp::of(bound)), bound);
  for (unsigned bit = 26; bit < 64; ++bit) {
    for (const uint64_t bound :
         {uint64_t{1} << bit, (uint64_t{1} << bit) + 1, (uint64_t{1} << bit) * 2 - 1}) {
      const uint64_t coded = RoundedUp::value(RoundedUp::of(bound));
      EXPECT_GE(coded, bound) << bound;
      EXPECT_LE(coded - bound, bound >> 25) << bound;
    }
  }
}

}  // namespace
}  // namespace weir
