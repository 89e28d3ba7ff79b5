// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/top_slots.h"

#include <gtest/gtest.h>

#include <random>

namespace weir {
namespace {

std::vector<uint32_t> top_of(const std::vector<uint64_t>& figures, size_t capacity) {
  TopSlots top(capacity);
  for (size_t i = 0; i < figures.size(); ++i) top.offer(figures[i], static_cast<uint32_t>(i));
  return top.take();
}

TEST(TopSlots, KeepsTheLargestInTheOrderOfSlots) {
  EXPECT_EQ(top_of({5, 9, 1, 7, 3, 8}, 3), (std::vector<uint32_t>{1, 3, 5}));
  EXPECT_EQ(top_of({5, 9, 1}, 10), (std::vector<uint32_t>{0, 1, 2}));
  EXPECT_EQ(top_of({0, 0, UINT64_MAX, 0}, 1), (std::vector<uint32_t>{2}));
  EXPECT_TRUE(top_of({5, 9}, 0).empty());
  EXPECT_TRUE(top_of({}, 3).empty());
}

TEST(TopSlots, KeepsTheFirstAmongEquals) {
  EXPECT_EQ(top_of({4, 4, 5, 4, 4}, 3), (std::vector<uint32_t>{0, 1, 2}));
  EXPECT_EQ(top_of({0, 0, 0, 0}, 2), (std::vector<uint32_t>{0, 1}));
  EXPECT_EQ(top_of({1, 1, 2, 2}, 3), (std::vector<uint32_t>{0, 2, 3}));
}

TEST(TopSlots, AgreesWithSorting) {
  std::mt19937 random(2);
  for (int round = 0; round < 50; ++round) {
    std::vector<uint64_t> figures(300);
    for (uint64_t& figure : figures) figure = random() % 40;
    std::vector<uint32_t> slots(figures.size());
    for (uint32_t i = 0; i < slots.size(); ++i) slots[i] = i;
    std::stable_sort(slots.begin(), slots.end(),
                     [&](uint32_t a, uint32_t b) { return figures[a] > figures[b]; });
    slots.resize(60);
    std::sort(slots.begin(), slots.end());
    EXPECT_EQ(top_of(figures, 60), slots);
  }
}

}  // namespace
}  // namespace weir
