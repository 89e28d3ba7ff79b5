// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/slab.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace weir {
namespace {

constexpr uint32_t kChunk = SlotAllocator::kChunkSlots;

// So large that a chunk is whole pages of whatever size.
struct alignas(64) Number {
  uint64_t value;
};
struct Mark {
  uint8_t value;
};
using Numbers = Slab<Number, Mark>;

// Slots for two chunks and budget for `chunks` of them.
class Fixture {
 public:
  explicit Fixture(size_t chunks)
      : budget(chunks * Numbers::kChunkBytes),
        slab(std::move(*Numbers::reserve(2 * kChunk)), 2 * kChunk, budget) {}
  // Takes that many slots, which are expected to come in their order.
  void fill(uint32_t count) {
    for (uint32_t slot = 0; slot < count; ++slot) ASSERT_EQ(slab.allocate(), slot);
  }
  [[nodiscard]] std::vector<uint32_t> visited() const {
    std::vector<uint32_t> slots;
    slab.visit_live([&](uint32_t slot) { slots.push_back(slot); });
    return slots;
  }

  MemoryBudget budget;
  Numbers slab;
};

TEST(Slab, KeepsThePartsOfARecordApart) {
  Fixture its(1);
  its.fill(3);
  for (uint32_t slot = 0; slot < 3; ++slot) {
    its.slab.part<Number>(slot).value = 1000 + slot;
    its.slab.part<Mark>(slot).value = static_cast<uint8_t>(slot);
  }
  const Numbers& read = its.slab;
  for (uint32_t slot = 0; slot < 3; ++slot) {
    EXPECT_EQ(read.part<Number>(slot).value, 1000 + slot);
    EXPECT_EQ(read.part<Mark>(slot).value, slot);
  }
  EXPECT_EQ(&read.part<Number>(2), &read.part<Number>(0) + 2);
}

TEST(Slab, LeavesSlot0OutOfWhatIsLive) {
  Fixture its(1);
  EXPECT_FALSE(its.slab.has_slot_0());
  its.fill(1);
  EXPECT_TRUE(its.slab.has_slot_0());
  EXPECT_EQ(its.slab.live(), 0U);
  EXPECT_EQ(its.slab.next_live(0), Numbers::kNone);
  EXPECT_TRUE(its.visited().empty());
  EXPECT_EQ(its.slab.allocate(), 1U);
  EXPECT_EQ(its.slab.live(), 1U);
  EXPECT_EQ(its.slab.next_live(0), 1U);
  EXPECT_EQ(its.visited(), std::vector<uint32_t>{1});
  EXPECT_EQ(its.slab.limit(), kChunk);
}

TEST(Slab, PaysForAChunkWhileARecordOfItLives) {
  Fixture its(2);
  EXPECT_EQ(its.budget.used(), 0U);
  its.fill(kChunk);
  EXPECT_EQ(its.budget.used(), Numbers::kChunkBytes);
  ASSERT_EQ(its.slab.allocate(), kChunk);
  ASSERT_EQ(its.slab.allocate(), kChunk + 1);
  EXPECT_EQ(its.budget.used(), 2 * Numbers::kChunkBytes);
  its.slab.release(kChunk);
  EXPECT_EQ(its.budget.used(), 2 * Numbers::kChunkBytes);
  its.slab.release(kChunk + 1);
  EXPECT_EQ(its.budget.used(), Numbers::kChunkBytes);
}

TEST(Slab, ZeroesEveryPartOfAChunkThatIsEmpty) {
  Fixture its(2);
  its.fill(2 * kChunk);
  const uint32_t middle = kChunk + kChunk / 2;
  for (const uint32_t slot : {1U, middle}) {
    its.slab.part<Number>(slot).value = 7;
    its.slab.part<Mark>(slot).value = 7;
  }
  for (uint32_t slot = kChunk; slot < 2 * kChunk; ++slot) its.slab.release(slot);
  EXPECT_EQ(its.slab.part<Number>(middle).value, 0U);
  EXPECT_EQ(its.slab.part<Number>(1).value, 7U);
  EXPECT_EQ(its.slab.part<Mark>(1).value, 7);
  EXPECT_EQ(its.slab.limit(), 2 * kChunk);
}

TEST(Slab, RefusesWhatTheBudgetDoesNotCover) {
  Fixture its(1);
  its.fill(kChunk);
  EXPECT_EQ(its.slab.allocate(), Numbers::kNone);
  EXPECT_EQ(its.slab.live(), kChunk - 1);
  EXPECT_EQ(its.slab.next_live(kChunk), Numbers::kNone);
  its.slab.release(5);
  EXPECT_EQ(its.slab.allocate(), 5U);
  its.budget.give_back(Numbers::kChunkBytes);
  EXPECT_EQ(its.slab.allocate(), kChunk);
}

TEST(Slab, RefusesMoreSlotsThanItWasMadeFor) {
  Fixture its(3);
  its.fill(2 * kChunk);
  EXPECT_EQ(its.slab.allocate(), Numbers::kNone);
  EXPECT_EQ(its.budget.used(), 2 * Numbers::kChunkBytes);
}

TEST(Slab, HasAChunkHoweverFewSlotsAreWanted) {
  MemoryBudget budget(Numbers::kChunkBytes);
  Numbers slab(std::move(*Numbers::reserve(1)), 1, budget);
  EXPECT_EQ(slab.allocate(), 0U);
  EXPECT_EQ(slab.allocate(), 1U);
}

TEST(Slab, SaysWhenThereIsNoAddressSpace) {
  struct Page {
    std::array<uint8_t, size_t{1} << 30> bytes;
  };
  EXPECT_FALSE((Slab<Number, Page>::reserve(UINT32_MAX).ok()));
}

}  // namespace
}  // namespace weir
