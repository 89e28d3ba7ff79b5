// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_tap.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"

namespace weir {
namespace {

constexpr const char* kEvent = R"({"event":"made"})";

class EventTapTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  EventLog log_{size_t{1} << 20, [] { return 1'000'000'000.0; }};
  std::atomic<int> heard_ = 0;
  std::optional<EventTap> tap_{std::in_place, *cache_, "events", log_, [this] { ++heard_; }};
};

TEST_F(EventTapTest, LosesNoneOfManyMoreThanAMailboxHolds) {
  heard_ = 0;
  std::vector<std::thread> tellers;
  for (int i = 0; i < 3; ++i) {
    tellers.emplace_back([&] {
      for (size_t told = 0; told < 2 * Mailbox::kMaxMessages; ++told)
        cache_->publish("events", kEvent);
    });
  }
  for (std::thread& teller : tellers) teller.join();
  EXPECT_EQ(log_.statistics()["events"], Value(6 * Mailbox::kMaxMessages));
  EXPECT_EQ(log_.statistics()["missed"], Value(uint64_t{0}));
  EXPECT_EQ(heard_, 6 * static_cast<int>(Mailbox::kMaxMessages));
}

TEST_F(EventTapTest, HearsOnlyItsChannelAndOnlyWhileItLives) {
  cache_->publish("others", kEvent);
  EXPECT_EQ(log_.statistics()["events"], Value(uint64_t{0}));
  cache_->publish("events", kEvent);
  EXPECT_EQ(log_.statistics()["events"], Value(uint64_t{1}));
  tap_.reset();
  cache_->publish("events", kEvent);
  EXPECT_EQ(log_.statistics()["events"], Value(uint64_t{1}));
}

}  // namespace
}  // namespace weir
