// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/hash_index.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir {

Result<HashIndex> HashIndex::create(size_t max_entries, MemoryBudget& budget, PageFeeder* feeder) {
  const size_t most_buckets = std::max(kMinBuckets, max_entries / kSplitLoad + 1);
  auto buckets = ReservedRegion::reserve(most_buckets * sizeof(Bucket), feeder);
  if (!buckets) return buckets.error();
  auto overflow = ReservedRegion::reserve(most_buckets * sizeof(Bucket));
  if (!overflow) return overflow.error();
  HashIndex index(std::move(*buckets), std::move(*overflow), budget);
  if (!index.open_buckets(kMinBuckets)) return Error{"the memory budget is too small for an index"};
  return index;
}

bool HashIndex::open_buckets(size_t count) {
  const size_t bytes = (count * sizeof(Bucket) + kGrowthBytes - 1) / kGrowthBytes * kGrowthBytes;
  if (bytes <= taken_bytes_) return true;
  if (bytes > buckets_.reserved() || !budget_->take(bytes - taken_bytes_)) return false;
  if (!buckets_.commit(bytes)) {
    budget_->give_back(bytes - taken_bytes_);
    return false;
  }
  taken_bytes_ = bytes;
  return true;
}

void HashIndex::release_unused() {
  const size_t needed =
      (bucket_count_ * sizeof(Bucket) + kGrowthBytes - 1) / kGrowthBytes * kGrowthBytes;
  // A step of slack, so that a size on the border does not take and give back memory at each
  // change.
  if (needed + 2 * kGrowthBytes > taken_bytes_) return;
  buckets_.discard(needed, taken_bytes_ - needed);
  budget_->give_back(taken_bytes_ - needed);
  taken_bytes_ = needed;
}

bool HashIndex::pay_for_overflow() {
  if (forced_) {
    if (!budget_->take(sizeof(Bucket))) ++unpaid_;
    return true;
  }
  // Debts first: nothing new comes in while what had to stay is not paid for.
  if (!budget_->take((unpaid_ + size_t{1}) * sizeof(Bucket))) return false;
  unpaid_ = 0;
  return true;
}

uint32_t HashIndex::take_overflow() {
  if (free_overflow_ != 0) {
    if (!pay_for_overflow()) return 0;
    const uint32_t taken = free_overflow_;
    free_overflow_ = overflow()[taken - 1].overflow;
    overflow()[taken - 1] = Bucket{};
    return taken;
  }
  const size_t bytes = (overflow_count_ + size_t{1}) * sizeof(Bucket);
  if (bytes > overflow_.reserved()) return 0;
  if (bytes > overflow_.committed() &&
      !overflow_.commit(std::min(bytes + kGrowthBytes, overflow_.reserved())))
    return 0;
  return pay_for_overflow() ? ++overflow_count_ : 0;
}

void HashIndex::release_overflow(uint32_t number) {
  overflow()[number - 1] = Bucket{};
  overflow()[number - 1].overflow = free_overflow_;
  free_overflow_ = number;
  if (unpaid_ > 0)
    --unpaid_;
  else
    budget_->give_back(sizeof(Bucket));
}

bool HashIndex::is_empty(const Bucket& bucket) {
  return std::ranges::all_of(bucket.tags, [](uint16_t tag) { return tag == 0; });
}

bool HashIndex::place(uint64_t hash, uint32_t slot) {
  Bucket* bucket = &buckets()[address(hash)];
  for (size_t length = 1;; ++length) {
    const TagMatches free(bucket->tags.data(), 0);
    if (free.any()) {
      bucket->tags[free.first()] = tag_of(hash);
      bucket->slots[free.first()] = slot;
      return true;
    }
    if (bucket->overflow == 0) {
      if (length >= kMaxChain && !forced_) return false;
      bucket->overflow = take_overflow();
      if (bucket->overflow == 0) return false;
    }
    bucket = &overflow()[bucket->overflow - 1];
  }
}

void HashIndex::remove(uint64_t hash, uint32_t slot) {
  Bucket* previous = nullptr;
  Bucket* bucket = &buckets()[address(hash)];
  for (;;) {
    for (TagMatches matches(bucket->tags.data(), tag_of(hash)); matches.any();
         matches.drop_first()) {
      if (bucket->slots[matches.first()] != slot) continue;
      bucket->tags[matches.first()] = 0;
      if (previous != nullptr && is_empty(*bucket)) {
        const uint32_t number = std::exchange(previous->overflow, bucket->overflow);
        release_overflow(number);
      }
      return;
    }
    assert(bucket->overflow != 0);
    if (bucket->overflow == 0) return;
    previous = std::exchange(bucket, &overflow()[bucket->overflow - 1]);
  }
}

void HashIndex::drain(size_t bucket_index, std::vector<uint32_t>& out) {
  Bucket* bucket = &buckets()[bucket_index];
  uint32_t own = 0;  // the number of `bucket` when it is an overflow bucket
  for (;;) {
    for (size_t i = 0; i < kSlots; ++i) {
      if (bucket->tags[i] != 0) out.push_back(bucket->slots[i]);
    }
    const uint32_t next = bucket->overflow;
    if (own == 0)
      *bucket = Bucket{};
    else
      release_overflow(own);
    if (next == 0) return;
    own = next;
    bucket = &overflow()[next - 1];
  }
}

}  // namespace weir
