// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cell.h"

#include <array>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Cell, HoldsWhatItsOwnerWrites) {
  Cell<uint32_t> cell{};
  EXPECT_EQ(cell.read(), 0U);
  cell.set(5);
  cell.add(3);
  EXPECT_EQ(cell.get(), 8U);
  EXPECT_EQ(cell.read(), 8U);
  cell.add(UINT32_MAX);
  EXPECT_EQ(cell.read(), 7U);
}

TEST(Sequence, TellsWhetherTheOwnerWasInTheWay) {
  Sequence sequence{};
  const uint32_t quiet = sequence.start();
  EXPECT_TRUE(sequence.unchanged(quiet));
  sequence.begin();
  EXPECT_FALSE(sequence.unchanged(quiet));
  const uint32_t inside = sequence.start();
  EXPECT_FALSE(sequence.unchanged(inside)) << "begun and not ended";
  sequence.end();
  EXPECT_FALSE(sequence.unchanged(quiet));
  EXPECT_FALSE(sequence.unchanged(inside));
  EXPECT_TRUE(sequence.unchanged(sequence.start()));
}

TEST(Sequence, NeverTakesOneLifeForAnother) {
  Sequence first{};
  first.begin_life(1);
  EXPECT_FALSE(first.unchanged(first.start()));
  first.end();
  const uint32_t start = first.start();
  // The memory was zeroed and the record's next life began with its own number.
  Sequence second{};
  second.begin_life(2);
  second.end();
  EXPECT_FALSE(second.unchanged(start));
  EXPECT_TRUE(second.unchanged(second.start()));
}

TEST(CopyConsistently, TriesAgainUntilItRanUndisturbed) {
  Sequence sequence{};
  int runs = 0;
  const bool copied = copy_consistently(sequence, [&] {
    if (++runs > 3) return;
    sequence.begin();
    sequence.end();
  });
  EXPECT_TRUE(copied);
  EXPECT_EQ(runs, 4);
}

TEST(CopyConsistently, GivesUpOnAnOwnerThatStopsInsideAChange) {
  Sequence sequence{};
  sequence.begin();
  EXPECT_FALSE(copy_consistently(sequence, [] {}));
}

TEST(CopyConsistently, NeverMixesTwoChanges) {
  Sequence sequence{};
  std::array<Cell<uint64_t>, 4> cells{};
  std::atomic<bool> stop{false};
  std::jthread owner([&] {
    for (uint64_t i = 1; !stop.load(std::memory_order_relaxed); ++i) {
      sequence.begin();
      for (auto& cell : cells) cell.set(i);
      sequence.end();
    }
  });
  int mixed = 0;
  uint64_t latest = 0;
  bool went_back = false;
  for (int i = 0; i < 20'000; ++i) {
    std::array<uint64_t, 4> copy{};
    const bool copied = copy_consistently(sequence, [&] {
      for (size_t c = 0; c < copy.size(); ++c) copy[c] = cells[c].read();
    });
    if (!copied) continue;
    if (copy[0] != copy[1] || copy[0] != copy[2] || copy[0] != copy[3]) ++mixed;
    went_back = went_back || copy[0] < latest;
    latest = copy[0];
  }
  stop.store(true, std::memory_order_relaxed);
  EXPECT_EQ(mixed, 0);
  EXPECT_FALSE(went_back);
}

TEST(Published, CopiesStructsOfAnySize) {
  struct Odd {
    uint32_t number;
    std::array<uint8_t, 7> bytes;
  };
  Published<Odd> published{};
  EXPECT_EQ(published.read().number, 0U);
  published.set({42, {1, 2, 3, 4, 5, 6, 7}});
  EXPECT_EQ(published.owned().number, 42U);
  EXPECT_EQ(published.owned().bytes[6], 7);
  const Odd copy = published.read();
  EXPECT_EQ(copy.number, 42U);
  EXPECT_EQ(copy.bytes, (std::array<uint8_t, 7>{1, 2, 3, 4, 5, 6, 7}));
}

}  // namespace
}  // namespace weir
