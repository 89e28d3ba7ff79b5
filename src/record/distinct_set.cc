// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/distinct_set.h"

#include <algorithm>
#include <cmath>

namespace weir {

void DistinctSet::add(uint32_t hash) {
  if (!registers_.empty()) return raise(place_of(hash));
  if (std::find(few_.begin(), few_.end(), hash) != few_.end()) return;
  few_.push_back(hash);
  if (few_.size() > kMostFew) spread();
}

void DistinctSet::raise(DistinctPlace place) {
  if (registers_.empty()) spread();
  uint8_t& own = registers_[place.index];
  own = std::max(own, place.rank);
}

void DistinctSet::merge(const DistinctSet& other) {
  for (const uint32_t hash : other.few_) add(hash);
  for (size_t i = 0; i < other.registers_.size(); ++i) raise({i, other.registers_[i]});
}

uint64_t DistinctSet::count() const {
  if (registers_.empty()) return few_.size();
  return static_cast<uint64_t>(std::llround(estimate_distinct(registers_, kHashBits - kIndexBits)));
}

uint32_t DistinctSet::hash_for(DistinctPlace place) {
  const auto index = static_cast<uint32_t>(place.index) << (kHashBits - kIndexBits);
  // The first one below the index; none at all for the highest rank.
  return place.rank >= kMaxRank ? index
                                : index | uint32_t{1} << (kHashBits - kIndexBits - place.rank);
}

void DistinctSet::spread() {
  registers_.resize(kRegisters);
  for (const uint32_t hash : few_) {
    const DistinctPlace place = place_of(hash);
    registers_[place.index] = std::max(registers_[place.index], place.rank);
  }
  few_.clear();
}

}  // namespace weir
