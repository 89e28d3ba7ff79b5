// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "collect/exporter.h"

namespace weir {

// All exporters that were heard of. Anybody can send in anybody's name, so there is a bound to what
// one address may fill, and one to all: an address that has too many loses its own oldest; when all
// is full, one that never sent a record that could be read gives way, so many in a second, and else
// the new one is refused. Who is silent for an hour is forgotten. Owner: the collector's thread.
class ExporterTable {
 public:
  static constexpr size_t kMax = 4096;
  static constexpr size_t kMaxPerAddress = 256;
  // Looking for one that gives way is looking at all: strangers are not to make weir do that for
  // each of their messages.
  static constexpr size_t kMaxSearches = 100;
  // An exporter that came back under another port carries on as the observer it was when the
  // connection of the one before has ended or it is silent for so long; and so do all of one
  // address and domain when there are so many of them that its port changes with each message.
  static constexpr int64_t kSilence = int64_t{10} * 1'000'000'000;
  static constexpr size_t kMostSiblings = 8;
  static constexpr int64_t kForgotten = int64_t{3600} * 1'000'000'000;

  // Made when it is new; null when there is no room. `now`: nanoseconds since 1970.
  [[nodiscard]] Exporter* find_or_make(const ExporterKey& key, int64_t now);

  // A connection has ended: whoever comes from its address next may be who was there, and send
  // again what it does not know to have come.
  void leave(const IpAddress& address, uint16_t port);

  // Lets go of those that are silent for too long. Each second.
  void expire(int64_t now);

  [[nodiscard]] size_t size() const { return exporters_.size(); }
  [[nodiscard]] uint64_t evicted() const { return evicted_; }
  [[nodiscard]] uint64_t refused() const { return refused_; }
  [[nodiscard]] const Exporter::Budgets& budgets() const { return budgets_; }

  // Calls visit(exporter) for each, by key.
  template <typename Visit>
  void visit(Visit&& visit) {
    for (auto& [key, exporter] : exporters_) visit(*exporter);
  }
  template <typename Visit>
  void visit(Visit&& visit) const {
    for (const auto& [key, exporter] : exporters_) visit(std::as_const(*exporter));
  }

 private:
  using Map = std::map<ExporterKey, std::unique_ptr<Exporter>>;

  [[nodiscard]] bool make_room(const IpAddress& address);
  void erase(Map::iterator exporter);
  // Whom a new exporter carries on; null: nobody.
  [[nodiscard]] Exporter* predecessor_of(const ExporterKey& key, int64_t now) const;

  Exporter::Budgets budgets_;  // before the exporters, which give back to it
  Map exporters_;
  Exporter* last_ = nullptr;  // most messages come from the one before
  uint32_t numbers_ = 0;
  size_t searches_ = 0;  // for one that gives way, since expire()
  uint64_t evicted_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace weir
