// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/spsc_queue.h"

#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(SpscQueue, GivesBackInOrder) {
  SpscQueue<std::string> queue(4);
  EXPECT_TRUE(queue.push("a"));
  EXPECT_TRUE(queue.push("b"));
  EXPECT_EQ(queue.pop(), "a");
  EXPECT_TRUE(queue.push("c"));
  EXPECT_EQ(queue.pop(), "b");
  EXPECT_EQ(queue.pop(), "c");
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(SpscQueue, RefusesWhenFullAndLeavesTheValue) {
  SpscQueue<std::unique_ptr<int>> queue(2);
  EXPECT_TRUE(queue.push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(queue.push(std::move(third)));
  ASSERT_NE(third, nullptr);
  EXPECT_EQ(**queue.pop(), 1);
  EXPECT_TRUE(queue.push(std::move(third)));
  EXPECT_EQ(**queue.pop(), 2);
  EXPECT_EQ(**queue.pop(), 3);
}

TEST(SpscQueue, HoldsAtLeastItsCapacity) {
  for (const int capacity : {0, 1, 3, 5, 8}) {
    SpscQueue<int> queue(static_cast<size_t>(capacity));
    for (int i = 0; i < capacity; ++i) EXPECT_TRUE(queue.push(int{i})) << capacity;
    for (int i = 0; i < capacity; ++i) EXPECT_EQ(queue.pop(), i);
    EXPECT_EQ(queue.pop(), std::nullopt);
  }
}

TEST(SpscQueue, TellsItsProducerHowMuchRoomThereIs) {
  SpscQueue<int> queue(4);
  EXPECT_EQ(queue.room(), queue.capacity());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(queue.push(int{i}));
  EXPECT_EQ(queue.room(), 0U);
  EXPECT_EQ(queue.pop(), 0);
  EXPECT_EQ(queue.room(), 1U);
}

TEST(SpscQueue, RunsAroundManyTimes) {
  SpscQueue<int> queue(4);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(queue.push(int{i}));
    EXPECT_TRUE(queue.push(-i));
    EXPECT_EQ(queue.pop(), i);
    EXPECT_EQ(queue.pop(), -i);
  }
}

TEST(SpscQueue, CarriesEverythingBetweenTwoThreads) {
  constexpr int kCount = 100'000;
  SpscQueue<std::string> queue(16);
  std::jthread producer([&] {
    for (int i = 0; i < kCount; ++i) {
      std::string text = std::to_string(i);
      while (!queue.push(std::move(text))) std::this_thread::yield();
    }
  });
  int wrong = 0;
  for (int i = 0; i < kCount; ++i) {
    std::optional<std::string> text;
    while (!(text = queue.pop())) std::this_thread::yield();
    if (*text != std::to_string(i)) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

}  // namespace
}  // namespace weir
