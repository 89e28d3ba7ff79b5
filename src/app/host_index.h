// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

namespace weir {

// Which hosts the archive has, by 64 bits of a keyed hash of who they are: at most as many as it
// was made for; beyond, those that were archived the longest time ago are forgotten. One that was
// taken out stays known: what the archive has of it is old, but of use when weir ends before it
// could write what is newer. Owner: the keeper's thread. About 60 bytes a host.
class HostIndex {
 public:
  enum class State : uint8_t { kUnknown, kArchived, kTaken };

  explicit HostIndex(size_t max_hosts) : max_hosts_(max_hosts) {}

  [[nodiscard]] State state(uint64_t hash) const;
  // It is archived, as the newest.
  void add(uint64_t hash);
  // REQUIRES: it is archived.
  void take(uint64_t hash);

  [[nodiscard]] size_t archived() const { return places_.size() - taken_; }
  [[nodiscard]] size_t size() const { return places_.size(); }
  // All that are known, the oldest first.
  [[nodiscard]] std::vector<uint64_t> hashes() const;

 private:
  struct Place {
    uint64_t number = 0;  // of the addition that counts
    bool is_taken = false;
  };
  struct Addition {
    uint64_t hash = 0;
    uint64_t number = 0;
  };

  [[nodiscard]] bool counts(const Addition& addition) const;
  void erase(uint64_t hash);
  void forget_oldest();
  void drop_old_additions();

  size_t max_hosts_;
  uint64_t next_number_ = 0;
  size_t taken_ = 0;
  std::unordered_map<uint64_t, Place> places_;
  std::deque<Addition> additions_;  // at most twice max_hosts_
};

}  // namespace weir
