// SPDX-License-Identifier: GPL-3.0-or-later
// The parts that tables are made of: address space, slots, the index.
#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

#include "base/keyed_hash.h"
#include "engine/hash_index.h"
#include "engine/reserved_region.h"
#include "engine/slot_allocator.h"

namespace weir {
namespace {

TEST(ReservedRegion, GivesZeroedMemoryThatStaysReadableWhenDiscarded) {
  auto region = ReservedRegion::reserve(size_t{1} << 20);
  ASSERT_TRUE(region.ok());
  ASSERT_TRUE(region->commit(10'000));
  EXPECT_EQ(region->data()[9999], 0);
  region->data()[5000] = 7;
  region->discard(4096, 4096);
  EXPECT_EQ(region->data()[5000], 0);
  region->data()[5000] = 8;
  EXPECT_EQ(region->data()[5000], 8);
}

TEST(ReservedRegion, RefusesMoreThanWasReserved) {
  auto region = ReservedRegion::reserve(1);
  ASSERT_TRUE(region.ok());
  EXPECT_FALSE(region->commit(region->reserved() + 1));
  EXPECT_TRUE(region->commit(region->reserved()));
}

TEST(ReservedRegion, LeavesPartialPagesAlone) {
  auto region = ReservedRegion::reserve(1);
  ASSERT_TRUE(region->commit(8192));
  region->data()[100] = 1;
  region->discard(50, 4000);
  EXPECT_EQ(region->data()[100], 1);
}

TEST(SlotAllocator, HandsOutTheLowestFreeSlot) {
  SlotAllocator slots(3 * SlotAllocator::kChunkSlots);
  EXPECT_EQ(slots.allocate(), SlotAllocator::kNone);
  ASSERT_TRUE(slots.open_chunk());
  for (uint32_t i = 0; i < SlotAllocator::kChunkSlots; ++i) ASSERT_EQ(slots.allocate(), i);
  EXPECT_EQ(slots.allocate(), SlotAllocator::kNone);
  ASSERT_TRUE(slots.open_chunk());
  EXPECT_EQ(slots.allocate(), SlotAllocator::kChunkSlots);
  slots.release(70);
  slots.release(5);
  EXPECT_EQ(slots.allocate(), 5U);
  EXPECT_EQ(slots.allocate(), 70U);
}

TEST(SlotAllocator, SaysWhenAChunkIsEmpty) {
  SlotAllocator slots(SlotAllocator::kChunkSlots);
  ASSERT_TRUE(slots.open_chunk());
  EXPECT_FALSE(slots.open_chunk());
  const uint32_t a = slots.allocate();
  const uint32_t b = slots.allocate();
  EXPECT_FALSE(slots.release(a));
  EXPECT_TRUE(slots.release(b));
  EXPECT_EQ(slots.live(), 0U);
}

TEST(SlotAllocator, WalksLiveSlots) {
  SlotAllocator slots(2 * SlotAllocator::kChunkSlots);
  ASSERT_TRUE(slots.open_chunk());
  ASSERT_TRUE(slots.open_chunk());
  for (uint32_t i = 0; i < 2 * SlotAllocator::kChunkSlots; ++i) ASSERT_EQ(slots.allocate(), i);
  for (uint32_t i = 0; i < 2 * SlotAllocator::kChunkSlots; ++i) {
    if (i != 63 && i != 64 && i != 5000) slots.release(i);
  }
  EXPECT_EQ(slots.next_live(0), 63U);
  EXPECT_EQ(slots.next_live(64), 64U);
  EXPECT_EQ(slots.next_live(65), 5000U);
  EXPECT_EQ(slots.next_live(5001), SlotAllocator::kNone);
  EXPECT_EQ(slots.next_live(1'000'000), SlotAllocator::kNone);
}

class HashIndexTest : public testing::Test {
 protected:
  HashIndexTest() : index_(std::move(*HashIndex::create(1'000'000, budget_))) {}
  void insert(uint64_t hash, uint32_t slot) {
    hashes_[slot] = hash;
    ASSERT_TRUE(index_.insert(hash, slot, hash_of()));
  }
  void erase(uint32_t slot) {
    index_.erase(hashes_[slot], slot, hash_of());
    hashes_.erase(slot);
  }
  [[nodiscard]] uint32_t find(uint64_t hash, uint32_t wanted) const {
    return index_.find(hash, [&](uint32_t slot) { return slot == wanted; });
  }
  [[nodiscard]] std::function<uint64_t(uint32_t)> hash_of() {
    return [this](uint32_t slot) { return hashes_.at(slot); };
  }

  MemoryBudget budget_{size_t{256} << 20};
  HashIndex index_;
  std::unordered_map<uint32_t, uint64_t> hashes_;
};

TEST_F(HashIndexTest, AgreesWithAMapThroughGrowthAndShrinking) {
  std::mt19937_64 random(1);
  std::vector<uint32_t> slots;
  uint32_t next = 1;
  for (int phase = 0; phase < 4; ++phase) {
    const bool grows = phase % 2 == 0;
    for (int i = 0; i < 60'000; ++i) {
      const bool inserts = random() % 10 < (grows ? 9U : 1U);
      if (inserts || slots.empty()) {
        insert(random(), next);
        slots.push_back(next++);
      } else {
        std::swap(slots[random() % slots.size()], slots.back());
        erase(slots.back());
        slots.pop_back();
      }
    }
    ASSERT_EQ(index_.size(), hashes_.size());
    for (const auto& [slot, hash] : hashes_) ASSERT_EQ(find(hash, slot), slot);
  }
  EXPECT_EQ(find(random(), 0xffffffff), HashIndex::kNone);
}

TEST_F(HashIndexTest, GuessesRightNearlyAlways) {
  std::mt19937_64 random(2);
  for (uint32_t slot = 1; slot <= 50'000; ++slot) insert(random(), slot);
  size_t right = 0;
  for (const auto& [slot, hash] : hashes_)
    right += index_.guess(hash, index_.prefetch(hash)) == slot ? 1 : 0;
  EXPECT_GT(right, 45'000U);
}

TEST_F(HashIndexTest, BoundsItsChains) {
  size_t accepted = 0;
  for (uint32_t slot = 1; slot <= 1000; ++slot) {
    hashes_[slot] = 42;
    if (!index_.insert(42, slot, hash_of())) {
      hashes_.erase(slot);
      break;
    }
    ++accepted;
  }
  EXPECT_EQ(accepted, 10 * HashIndex::kMaxChain);
  for (const auto& [slot, hash] : hashes_) EXPECT_EQ(find(hash, slot), slot);
}

TEST_F(HashIndexTest, GivesMemoryBackWhenItShrinks) {
  const size_t empty = budget_.used();
  std::mt19937_64 random(4);
  for (uint32_t slot = 1; slot <= 200'000; ++slot) insert(random(), slot);
  EXPECT_GT(budget_.used(), empty + 1'000'000);
  for (uint32_t slot = 1; slot <= 200'000; ++slot) erase(slot);
  EXPECT_LT(budget_.used(), empty + 500'000);
}

TEST_F(HashIndexTest, PaysForOverflowBucketsWhileChainsNeedThem) {
  const size_t before = budget_.used();
  for (int round = 0; round < 3; ++round) {
    for (uint32_t slot = 1; slot <= 100; ++slot) insert(42, slot);
    EXPECT_EQ(budget_.used(), before + 9 * 64) << "ten entries a bucket, the first is no overflow";
    for (uint32_t slot = 1; slot <= 100; ++slot) erase(slot);
    EXPECT_EQ(budget_.used(), before) << "round " << round;
  }
}

TEST_F(HashIndexTest, KeepsTheRestOfAChainWhenABucketInItsMiddleGoes) {
  for (uint32_t slot = 1; slot <= 40; ++slot) insert(42, slot);
  const size_t whole = budget_.used();
  for (uint32_t slot = 11; slot <= 20; ++slot) erase(slot);
  EXPECT_EQ(budget_.used(), whole - 64);
  for (const auto& [slot, hash] : hashes_) EXPECT_EQ(find(hash, slot), slot);
  for (uint32_t slot = 50; slot < 60; ++slot) insert(42, slot);
  EXPECT_EQ(budget_.used(), whole);
  for (const auto& [slot, hash] : hashes_) EXPECT_EQ(find(hash, slot), slot);
}

// A merge of two full buckets needs an overflow bucket whether or not there is budget for it: a
// debt, which is settled before anything new comes in and is never given back.
class HashIndexInDebt : public HashIndexTest {
 protected:
  static constexpr uint64_t kTag = uint64_t{7} << 48;
  static constexpr uint64_t kMerged = kTag;         // bucket 0
  static constexpr uint64_t kElsewhere = kTag | 1;  // bucket 1

  // Twenty entries, which had two buckets as long as there were many others, in bucket 0 of 64.
  void SetUp() override {
    for (uint32_t slot = 1; slot <= 10; ++slot) insert(kMerged, slot);
    for (uint32_t slot = 100; slot < 900; ++slot) {
      if (slot % 64 != 0) insert(kTag | slot % 128, slot);
    }
    for (uint32_t slot = 11; slot <= 20; ++slot) insert(kMerged | 64, slot);
    // The last ones first: they are what is in the overflow buckets of the others.
    for (uint32_t slot = 899; slot >= 100; --slot) {
      ASSERT_TRUE(budget_.take(budget_.limit() - budget_.used()));
      if (slot % 64 != 0) erase(slot);
    }
    ASSERT_TRUE(budget_.take(budget_.limit() - budget_.used()));
  }
};

TEST_F(HashIndexInDebt, LosesNothingAndGivesNothingBack) {
  for (uint32_t slot = 1; slot <= 20; ++slot) {
    EXPECT_EQ(find(hashes_[slot], slot), slot);
    erase(slot);
  }
  EXPECT_EQ(budget_.used(), budget_.limit());
}

TEST_F(HashIndexInDebt, PaysItBeforeAnythingNewComesIn) {
  for (uint32_t slot = 31; slot <= 40; ++slot) insert(kElsewhere, slot);
  hashes_[41] = kElsewhere;
  budget_.give_back(64);
  EXPECT_FALSE(index_.insert(kElsewhere, 41, hash_of()));
  budget_.give_back(64);
  EXPECT_TRUE(index_.insert(kElsewhere, 41, hash_of()));
  EXPECT_EQ(budget_.used(), budget_.limit());
  for (uint32_t slot = 1; slot <= 20; ++slot) erase(slot);
  for (uint32_t slot = 31; slot <= 41; ++slot) erase(slot);
  EXPECT_EQ(budget_.used(), budget_.limit() - 128);
}

TEST(HashIndex, KeepsToItsBudget) {
  MemoryBudget budget(size_t{70} << 10);
  auto index = HashIndex::create(1'000'000, budget);
  ASSERT_TRUE(index.ok());
  std::vector<uint64_t> hashes{0};
  std::mt19937_64 random(6);
  const auto hash_of = [&](uint32_t slot) { return hashes[slot]; };
  uint32_t slot = 1;
  for (;; ++slot) {
    hashes.push_back(random());
    if (!index->insert(hashes[slot], slot, hash_of)) break;
    ASSERT_LT(slot, 100'000U);
  }
  EXPECT_LE(budget.used(), budget.limit());
  for (uint32_t i = 1; i < slot; ++i) {
    ASSERT_EQ(index->find(hashes[i], [&](uint32_t found) { return found == i; }), i);
  }
}

}  // namespace
}  // namespace weir
