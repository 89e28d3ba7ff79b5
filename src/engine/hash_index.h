// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tag_match.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/memory_budget.h"
#include "engine/reserved_region.h"

namespace weir {

// Finds the slot of a record by the hash of its key: buckets of one cache line with ten 16-bit tags
// and slot numbers, grown and shrunk one bucket at a time (linear hashing), so there is never a
// rehash and never a pause. Slot 0 means "none". The caller keeps the full hash of each record and
// gives it back when a bucket is split. Owner: shard thread. Cost: find touches one line in the
// common case; an insertion now and then moves ten entries.
class HashIndex {
 public:
  static constexpr uint32_t kNone = 0;
  // A chain that gets longer than this refuses insertions. With a keyed hash only a broken one gets
  // there.
  static constexpr size_t kMaxChain = 16;

  // `max_entries` sets the address space reserved; memory is taken from `budget` as the index
  // grows.
  static Result<HashIndex> create(size_t max_entries, MemoryBudget& budget,
                                  PageFeeder* feeder = nullptr);

  [[nodiscard]] size_t size() const { return entries_; }

  // Fetches the bucket of a hash and says where it is, for guess(); until the next insertion.
  [[nodiscard]] uint32_t prefetch(uint64_t hash) const {
    const size_t bucket = address(hash);
    __builtin_prefetch(&buckets()[bucket], 0, 3);
    return static_cast<uint32_t>(bucket);
  }

  // The slot of the first entry whose tag fits, which is nearly always the right one; kNone when no
  // tag fits.
  [[nodiscard]] uint32_t guess(uint64_t hash, uint32_t where) const {
    const Bucket& bucket = buckets()[where];
    const TagMatches matches(bucket.tags.data(), tag_of(hash));
    return matches.any() ? bucket.slots[matches.first()] : kNone;
  }

  // The slot for which `is_wanted(slot)` holds, among those whose tag fits; kNone when there is
  // none.
  template <typename Predicate>
  [[nodiscard]] uint32_t find(uint64_t hash, Predicate&& is_wanted) const {
    const uint16_t tag = tag_of(hash);
    for (const Bucket* bucket = &buckets()[address(hash)];;
         bucket = &overflow()[bucket->overflow - 1]) {
      for (TagMatches matches(bucket->tags.data(), tag); matches.any(); matches.drop_first()) {
        const uint32_t slot = bucket->slots[matches.first()];
        if (is_wanted(slot)) return slot;
      }
      if (bucket->overflow == 0) return kNone;
    }
  }

  // Adds an entry that find() would not find. `hash_of(slot)` gives the hash of any entry. False,
  // and nothing changed, when the budget or the bound on chains does not allow it.
  template <typename HashOf>
  [[nodiscard]] bool insert(uint64_t hash, uint32_t slot, HashOf&& hash_of) {
    if (entries_ >= bucket_count_ * kSplitLoad) grow(hash_of);
    if (!place(hash, slot)) return false;
    ++entries_;
    return true;
  }

  // REQUIRES: the entry is there.
  template <typename HashOf>
  void erase(uint64_t hash, uint32_t slot, HashOf&& hash_of) {
    remove(hash, slot);
    --entries_;
    if (entries_ < bucket_count_ * kMergeLoad && bucket_count_ > kMinBuckets) shrink(hash_of);
  }

 private:
  static constexpr size_t kSlots = 10;
  static constexpr size_t kMinBuckets = 64;
  // Mean entries a bucket that make it split. Those whose turn has not come hold up to twice as
  // many: with 7 here one look-up in fifteen would go to an overflow bucket if chance spreads them.
  static constexpr size_t kSplitLoad = 5;
  static constexpr size_t kMergeLoad = 2;  // and merge
  static constexpr size_t kGrowthBytes = size_t{64} << 10;

  struct alignas(64) Bucket {
    std::array<uint16_t, kSlots> tags;  // 0: free
    std::array<uint32_t, kSlots> slots;
    uint32_t overflow;  // 1 + index of the next bucket of the chain (or of the free list); 0: none
  };
  static_assert(sizeof(Bucket) == 64);

  HashIndex(ReservedRegion buckets, ReservedRegion overflow, MemoryBudget& budget)
      : buckets_(std::move(buckets)), overflow_(std::move(overflow)), budget_(&budget) {}

  static uint16_t tag_of(uint64_t hash) {
    const auto tag = static_cast<uint16_t>(hash >> 48);
    return tag == 0 ? uint16_t{1} : tag;
  }
  // A compare and a conditional move: as a branch it cost the prototype of this table a quarter of
  // its rate.
  [[nodiscard]] size_t address(uint64_t hash) const {
    const size_t wide = hash & (2 * level_size_ - 1);
    return wide < bucket_count_ ? wide : wide & (level_size_ - 1);
  }
  [[nodiscard]] Bucket* buckets() const { return reinterpret_cast<Bucket*>(buckets_.data()); }
  [[nodiscard]] Bucket* overflow() const { return reinterpret_cast<Bucket*>(overflow_.data()); }

  static bool is_empty(const Bucket& bucket);
  [[nodiscard]] bool place(uint64_t hash, uint32_t slot);
  void remove(uint64_t hash, uint32_t slot);
  [[nodiscard]] bool open_buckets(size_t count);
  // An overflow bucket is paid for while it is part of a chain, so those on the free list, which
  // stay in memory, are not in the books; their number is bounded by what chains once needed.
  [[nodiscard]] uint32_t take_overflow();
  [[nodiscard]] bool pay_for_overflow();
  void release_overflow(uint32_t number);
  // Empties a chain into `out` and frees its overflow buckets.
  void drain(size_t bucket, std::vector<uint32_t>& out);

  template <typename HashOf>
  void grow(HashOf&& hash_of) {
    if (!open_buckets(bucket_count_ + 1)) return;
    const size_t split = bucket_count_ - level_size_;
    moving_.clear();
    drain(split, moving_);
    ++bucket_count_;
    if (bucket_count_ == 2 * level_size_) level_size_ = bucket_count_;
    refill(hash_of);
  }
  template <typename HashOf>
  void shrink(HashOf&& hash_of) {
    moving_.clear();
    drain(bucket_count_ - 1, moving_);
    --bucket_count_;
    if (bucket_count_ < level_size_) level_size_ /= 2;
    refill(hash_of);
    release_unused();
  }
  template <typename HashOf>
  void refill(HashOf&& hash_of) {
    // What was there must stay, so neither the bound on chains nor the budget counts here.
    forced_ = true;
    for (const uint32_t slot : moving_) (void)place(hash_of(slot), slot);
    forced_ = false;
  }
  void release_unused();

  ReservedRegion buckets_;
  ReservedRegion overflow_;
  MemoryBudget* budget_;
  size_t level_size_ = kMinBuckets;  // a power of two, at most bucket_count_
  size_t bucket_count_ = kMinBuckets;
  size_t taken_bytes_ = 0;  // of the budget, for buckets
  size_t entries_ = 0;
  bool forced_ = false;
  uint32_t overflow_count_ = 0;
  uint32_t free_overflow_ = 0;  // head of the list of unused overflow buckets, as Bucket::overflow
  uint32_t unpaid_ = 0;         // overflow buckets in chains that a split or merge had to take
  std::vector<uint32_t> moving_;
};

}  // namespace weir
