// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_index.h"

#include <algorithm>

namespace weir {

HostIndex::State HostIndex::state(uint64_t hash) const {
  const auto place = places_.find(hash);
  if (place == places_.end()) return State::kUnknown;
  return place->second.is_taken ? State::kTaken : State::kArchived;
}

void HostIndex::add(uint64_t hash) {
  const uint64_t number = next_number_++;
  Place& place = places_[hash];
  taken_ -= place.is_taken ? 1 : 0;
  place = {number, false};
  additions_.push_back({hash, number});
  while (places_.size() > max_hosts_) forget_oldest();
  if (additions_.size() > 2 * max_hosts_) drop_old_additions();
}

void HostIndex::take(uint64_t hash) {
  const auto place = places_.find(hash);
  if (place == places_.end() || place->second.is_taken) return;
  place->second.is_taken = true;
  ++taken_;
}

void HostIndex::erase(uint64_t hash) {
  const auto place = places_.find(hash);
  if (place == places_.end()) return;
  taken_ -= place->second.is_taken ? 1 : 0;
  places_.erase(place);
}

std::vector<uint64_t> HostIndex::hashes() const {
  std::vector<uint64_t> hashes;
  hashes.reserve(places_.size());
  for (const Addition& addition : additions_) {
    if (counts(addition)) hashes.push_back(addition.hash);
  }
  return hashes;
}

bool HostIndex::counts(const Addition& addition) const {
  const auto place = places_.find(addition.hash);
  return place != places_.end() && place->second.number == addition.number;
}

void HostIndex::forget_oldest() {
  const Addition oldest = additions_.front();
  additions_.pop_front();
  if (counts(oldest)) erase(oldest.hash);
}

void HostIndex::drop_old_additions() {
  std::erase_if(additions_, [this](const Addition& addition) { return !counts(addition); });
}

}  // namespace weir
