// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/distinct_hosts.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir {

bool DistinctHosts::insert(uint64_t hash) {
  size_t place = hash & (places_.size() - 1);
  while (places_[place] != 0) {
    if (places_[place] == hash) return false;
    place = (place + 1) & (places_.size() - 1);
  }
  places_[place] = hash;
  return true;
}

void DistinctHosts::grow() {
  constexpr size_t kLeast = 8;
  const std::vector<uint64_t> before =
      std::exchange(places_, std::vector<uint64_t>(std::max(kLeast, 2 * places_.size())));
  for (const uint64_t hash : before) {
    if (hash != 0) (void)insert(hash);
  }
}

void DistinctHosts::add_exactly(uint64_t hash) {
  hash = std::max<uint64_t>(hash, 1);
  if (2 * (hosts_ + 1) > places_.size()) grow();
  if (!insert(hash)) return;
  if (++hosts_ > kMostExact) estimate_from_now_on();
}

void DistinctHosts::estimate_from_now_on() {
  registers_ = std::make_unique<DistinctCount::Registers>();
  for (const uint64_t one : places_) {
    if (one != 0) DistinctCount::add(*registers_, one);
  }
  places_ = {};
}

void DistinctHosts::merge(const DistinctHosts& other) {
  for (const uint64_t hash : other.places_) {
    if (hash != 0) add(hash);
  }
  if (other.registers_ == nullptr) return;
  if (registers_ == nullptr) estimate_from_now_on();
  for (size_t i = 0; i < registers_->size(); ++i)
    (*registers_)[i] = std::max((*registers_)[i], (*other.registers_)[i]);
}

HostCount DistinctHosts::count() const {
  if (registers_ == nullptr) return {hosts_, 0};
  const double estimate = DistinctCount::estimate(*registers_);
  return {static_cast<uint64_t>(std::llround(estimate)),
          static_cast<uint64_t>(std::ceil(estimate * DistinctCount::kRelativeError))};
}

}  // namespace weir
