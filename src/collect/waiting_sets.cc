// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/waiting_sets.h"

#include <algorithm>
#include <utility>

namespace weir {

WaitingSets::~WaitingSets() {
  for (const Set& set : sets_) let_go(set);
}

void WaitingSets::let_go(const Set& set) {
  const size_t bytes = set.bytes.size() + kSetBytes;
  bytes_ -= bytes;
  budget_->give_back(bytes);
}

void WaitingSets::drop_oldest() {
  let_go(sets_.front());
  sets_.pop_front();
  ++dropped_;
}

void WaitingSets::add(uint16_t id, const ExportTime& time, std::span<const uint8_t> bytes) {
  expire(time.received);
  const size_t cost = bytes.size() + kSetBytes;
  if (cost > kMaxBytes) {
    ++dropped_;
    return;
  }
  while (bytes_ + cost > kMaxBytes) drop_oldest();
  if (!budget_->take(cost)) {
    ++dropped_;
    return;
  }
  bytes_ += cost;
  sets_.push_back({id, time, std::vector<uint8_t>(bytes.begin(), bytes.end())});
}

std::vector<WaitingSets::Set> WaitingSets::take(uint16_t id) {
  std::vector<Set> taken;
  const auto waits = [id](const Set& set) { return set.id == id; };
  if (std::none_of(sets_.begin(), sets_.end(), waits)) return taken;
  std::deque<Set> left;
  for (Set& set : sets_) {
    if (set.id != id) {
      left.push_back(std::move(set));
      continue;
    }
    let_go(set);
    taken.push_back(std::move(set));
  }
  sets_ = std::move(left);
  return taken;
}

void WaitingSets::expire(int64_t now) {
  while (!sets_.empty() && now - sets_.front().time.received > kMostWait) drop_oldest();
}

}  // namespace weir
