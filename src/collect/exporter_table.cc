// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/exporter_table.h"

#include <iterator>
#include <utility>

namespace weir {
namespace {

// The first key that an address can have, and whether another is of the same.
ExporterKey first_key(const IpAddress& address) {
  ExporterKey key;
  key.address = address;
  key.version = ExportVersion::kSflow5;
  return key;
}

bool is_sibling(const ExporterKey& a, const ExporterKey& b) {
  return a.address == b.address && a.version == b.version && a.domain == b.domain &&
         a.agent == b.agent && a.link == b.link;
}

}  // namespace

Exporter* ExporterTable::find_or_make(const ExporterKey& key, int64_t now) {
  if (last_ != nullptr && last_->key == key) [[likely]]
    return last_;
  if (const auto found = exporters_.find(key); found != exporters_.end())
    return last_ = found->second.get();
  if (!make_room(key.address)) {
    ++refused_;
    return nullptr;
  }
  auto made = std::make_unique<Exporter>(key, budgets_);
  made->number = ++numbers_;
  made->observer = made->number;
  if (Exporter* const before = predecessor_of(key, now); before != nullptr) {
    made->observer = before->observer;
    if (before->has_left) made->earlier = std::make_unique<RepeatFilter>(before->repeats);
    before->has_left = false;
  }
  made->first_heard = now;
  made->last_heard = now;
  last_ = made.get();
  exporters_.emplace(key, std::move(made));
  return last_;
}

Exporter* ExporterTable::predecessor_of(const ExporterKey& key, int64_t now) const {
  size_t siblings = 0;
  Exporter* newest = nullptr;
  for (auto at = exporters_.lower_bound(first_key(key.address));
       at != exporters_.end() && at->first.address == key.address; ++at) {
    if (!is_sibling(at->first, key)) continue;
    siblings += key.port != 0 ? 1 : 0;
    Exporter* const sibling = at->second.get();
    const auto rank = [](const Exporter& one) { return std::pair(one.has_left, one.last_heard); };
    if (newest == nullptr || rank(*sibling) > rank(*newest)) newest = sibling;
  }
  if (newest == nullptr) return nullptr;
  const bool is_over = newest->has_left || now - newest->last_heard > kSilence;
  return is_over || siblings >= kMostSiblings ? newest : nullptr;
}

void ExporterTable::leave(const IpAddress& address, uint16_t port) {
  for (auto at = exporters_.lower_bound(first_key(address));
       at != exporters_.end() && at->first.address == address; ++at) {
    Exporter& exporter = *at->second;
    if (at->first.port == port && exporter.transport == ExportTransport::kTcp)
      exporter.has_left = true;
  }
}

bool ExporterTable::make_room(const IpAddress& address) {
  size_t of_address = 0;
  auto oldest = exporters_.end();
  for (auto at = exporters_.lower_bound(first_key(address));
       at != exporters_.end() && at->first.address == address; ++at) {
    ++of_address;
    if (oldest == exporters_.end() || at->second->last_heard < oldest->second->last_heard)
      oldest = at;
  }
  if (of_address >= kMaxPerAddress) {
    erase(oldest);
    return true;
  }
  if (exporters_.size() < kMax) return true;
  if (searches_ >= kMaxSearches) return false;
  ++searches_;
  auto victim = exporters_.end();
  for (auto at = exporters_.begin(); at != exporters_.end(); ++at) {
    if (at->second->counters.records != 0) continue;
    if (victim == exporters_.end() || at->second->last_heard < victim->second->last_heard)
      victim = at;
  }
  if (victim == exporters_.end()) {
    searches_ = kMaxSearches;  // nobody will before the next second
    return false;
  }
  erase(victim);
  return true;
}

void ExporterTable::expire(int64_t now) {
  searches_ = 0;
  for (auto at = exporters_.begin(); at != exporters_.end();) {
    const auto next = std::next(at);
    if (now - at->second->last_heard > kForgotten) erase(at);
    at = next;
  }
}

void ExporterTable::erase(Map::iterator exporter) {
  last_ = nullptr;
  exporters_.erase(exporter);
  ++evicted_;
}

}  // namespace weir
