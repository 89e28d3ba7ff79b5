// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/capture_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

namespace weir {
namespace {

using std::chrono::milliseconds;

// A live source to which nothing comes.
class SilentSource final : public PacketSource {
 public:
  SilentSource(milliseconds hand_over_delay, std::atomic<int>& polls)
      : hand_over_delay_(hand_over_delay), polls_(polls) {}

  PollStatus poll(PacketBatch& batch, milliseconds) override {
    batch.clear();
    ++polls_;
    std::this_thread::yield();
    return PollStatus::kIdle;
  }
  [[nodiscard]] CaptureStatistics statistics() const override { return {}; }
  [[nodiscard]] std::string_view name() const override { return "silent"; }
  [[nodiscard]] bool is_file() const override { return false; }
  [[nodiscard]] milliseconds hand_over_delay() const override { return hand_over_delay_; }

 private:
  const milliseconds hand_over_delay_;
  std::atomic<int>& polls_;
};

int64_t wall_second() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

// Where packet time stands after some waits, compared to the wall clock.
int64_t seconds_behind(milliseconds hand_over_delay) {
  std::vector<std::unique_ptr<Shard>> shards;
  shards.push_back(*Shard::create({}, nullptr));
  Interface interface("silent", "silent", 0, std::move(shards));
  std::atomic<int> polls = 0;
  const int64_t start = wall_second();
  {
    const CaptureThread thread(std::make_unique<SilentSource>(hand_over_delay, polls), interface, 0,
                               {});
    while (polls < 100) std::this_thread::yield();
  }
  // However slow the machine: what the thread read of the clock lies between these.
  EXPECT_LE(start * 1000 - hand_over_delay.count(),
            (int64_t{interface.shards().front()->clock_second()} + 1) * 1000);
  return wall_second() - interface.shards().front()->clock_second();
}

// A live source that loses packets all the time.
class LossySource final : public PacketSource {
 public:
  PollStatus poll(PacketBatch& batch, milliseconds) override {
    batch.clear();
    std::this_thread::yield();
    return PollStatus::kIdle;
  }
  [[nodiscard]] CaptureStatistics statistics() const override {
    CaptureStatistics statistics;
    statistics.kernel_drops = ++looks_;
    return statistics;
  }
  [[nodiscard]] std::string_view name() const override { return "lossy"; }
  [[nodiscard]] bool is_file() const override { return false; }

 private:
  mutable std::atomic<uint64_t> looks_{0};
};

TEST(CaptureThread, LooksIntoFewerFlowsWhilePacketsAreLost) {
  ShardOptions options;
  options.memory_bytes = size_t{48} << 20;
  options.inspects = true;
  std::vector<std::unique_ptr<Shard>> shards;
  shards.push_back(*Shard::create(options, nullptr));
  Interface interface("lossy", "lossy", 0, std::move(shards));
  const CaptureThread thread(std::make_unique<LossySource>(), interface, 0, {});
  const Inspector& inspector = *interface.shards().front()->inspector();
  while (inspector.one_in() < 2) std::this_thread::yield();
  EXPECT_EQ(inspector.one_in() % 2, 0U);
}

TEST(CaptureThread, LetsTimePassWhileNothingComes) {
  EXPECT_GE(seconds_behind(milliseconds(0)), 0);
}

TEST(CaptureThread, LeavesTimeToPacketsThatMayStillLieInTheRing) {
  EXPECT_GE(seconds_behind(std::chrono::hours(1)), 3600);
}

}  // namespace
}  // namespace weir
