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
  made->observer = observer_for(key, now, made->number);
  made->first_heard = now;
  made->last_heard = now;
  last_ = made.get();
  exporters_.emplace(key, std::move(made));
  return last_;
}

uint32_t ExporterTable::observer_for(const ExporterKey& key, int64_t now, uint32_t number) const {
  size_t siblings = 0;
  const Exporter* newest = nullptr;
  for (auto at = exporters_.lower_bound(first_key(key.address));
       at != exporters_.end() && at->first.address == key.address; ++at) {
    if (!is_sibling(at->first, key)) continue;
    ++siblings;
    if (newest == nullptr || at->second->last_heard > newest->last_heard) newest = at->second.get();
  }
  if (newest == nullptr) return number;
  const bool is_silent = now - newest->last_heard > kSilence;
  return is_silent || siblings >= kMostSiblings ? newest->observer : number;
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
