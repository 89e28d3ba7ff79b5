// SPDX-License-Identifier: GPL-3.0-or-later
#include "enrich/reverse_book.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {

size_t ReverseBook::Hash::operator()(const IpAddress& address) const {
  uint64_t halves[2];
  std::memcpy(halves, address.bytes().data(), sizeof(halves));
  return static_cast<size_t>(hash.of(halves[0], halves[1]));
}

ReverseBook::ReverseBook(ReverseBookLimits limits) : limits_(limits) {}

bool ReverseBook::want(const IpAddress& address, Seconds now) {
  const std::lock_guard lock(mutex_);
  const auto known = places_.find(address);
  if (known != places_.end() && now < known->second->expires) return false;
  if (is_pending_.contains(address)) return false;
  if (pending_.size() >= limits_.pending) {
    ++refused_;
    return false;
  }
  is_pending_.insert(address);
  pending_.push_back(address);
  return true;
}

std::optional<IpAddress> ReverseBook::take_pending() {
  const std::lock_guard lock(mutex_);
  if (pending_.empty()) return std::nullopt;
  const IpAddress address = pending_.front();
  pending_.pop_front();
  return address;
}

ReverseBook::Seconds ReverseBook::lifetime(const ReverseAnswer& answer) const {
  switch (answer.kind) {
    case ReverseAnswer::Kind::kName:
      return std::clamp(answer.ttl, limits_.shortest, limits_.longest);
    case ReverseAnswer::Kind::kFailed:
      return limits_.failed;
    default:
      return limits_.no_name;
  }
}

void ReverseBook::learn(const IpAddress& address, const ReverseAnswer& answer, Seconds now,
                        Seconds lifetime) {
  const std::lock_guard lock(mutex_);
  is_pending_.erase(address);
  const auto [place, is_new] = places_.try_emplace(address, entries_.end());
  if (is_new) {
    place->second = entries_.insert(entries_.end(), Entry{address, {}, {}, {}});
  } else {
    entries_.splice(entries_.end(), entries_, place->second);
  }
  Entry& entry = *place->second;
  if (answer.kind != ReverseAnswer::Kind::kFailed) {
    names_ -= entry.name.empty() ? 0 : 1;
    entry.name = answer.name;
    names_ += entry.name.empty() ? 0 : 1;
    entry.name_ends = now + lifetime + limits_.stale;
  }
  entry.expires = now + lifetime;
  while (entries_.size() > limits_.names) forget_oldest();
}

std::string ReverseBook::name(const IpAddress& address, Seconds now) const {
  const std::lock_guard lock(mutex_);
  const auto known = places_.find(address);
  if (known == places_.end() || now > known->second->name_ends) return {};
  return known->second->name;
}

void ReverseBook::add_statistics(Value& out) const {
  const std::lock_guard lock(mutex_);
  out.set("addresses", uint64_t{entries_.size()});
  out.set("names", uint64_t{names_.load()});
  out.set("pending", uint64_t{pending_.size()});
  out.set("refused", refused_);
  out.set("forgotten", forgotten_);
}

void ReverseBook::forget_oldest() {
  names_ -= entries_.front().name.empty() ? 0 : 1;
  places_.erase(entries_.front().address);
  entries_.pop_front();
  ++forgotten_;
}

}  // namespace weir
