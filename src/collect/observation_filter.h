// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/keyed_hash.h"
#include "base/timestamp.h"
#include "record/collected_flow.h"

namespace weir {

// Decides which of several observers of the same packets counts them. Routers on a path, or the two
// interfaces of one, report the same flow: who reports a direction of a flow first is believed for
// it, and the others' records are duplicates as long as he goes on. When a record begins kSilence
// after the last one of his ended, its observer takes over: a route moved. So he does when his
// record ends kLongest after that and began whenever: some say of each record that it began when
// the flow did. Bounded: when a set of places is full, the direction that was not seen for longest
// is forgotten.
// Owner: the collector's thread. Cost: one cache line a direction.
class ObservationFilter {
 public:
  static constexpr uint32_t kSilence = 30;    // seconds
  static constexpr uint32_t kLongest = 1830;  // seconds: longer is no record of one that goes on
  static constexpr size_t kDefaultBytes = size_t{4} << 20;

  // `bytes`: of memory, rounded down to a power of two.
  ObservationFilter(const KeyedHash& hash, size_t bytes = kDefaultBytes);

  // Names the direction of the flow's packets from the source to the destination (`is_reverse`:
  // back), and fetches its place. The VLAN is not looked at: it differs from hop to hop.
  [[nodiscard]] uint64_t prefetch(const CollectedFlow& flow, bool is_reverse) const {
    const uint64_t direction = tag_of(flow, is_reverse);
    __builtin_prefetch(&sets_[direction & (sets_.size() - 1)], 1, 3);
    return direction;
  }
  // Whether somebody else counts what `observer` says of that direction of the flow. `observer` is
  // not 0.
  [[nodiscard]] bool is_duplicate(uint64_t direction, const CollectedFlow& flow, uint32_t observer);

  [[nodiscard]] size_t bytes() const { return sets_.size() * sizeof(Set); }
  // Directions that were forgotten for want of room.
  [[nodiscard]] uint64_t forgotten() const { return forgotten_; }

 private:
  struct Place {
    uint64_t tag = 0;
    uint32_t observer = 0;     // 0: nobody
    uint32_t last_second = 0;  // of its records
  };
  struct alignas(64) Set {
    std::array<Place, 4> places;
  };
  static_assert(sizeof(Set) == 64);

  [[nodiscard]] uint64_t tag_of(const CollectedFlow& flow, bool is_reverse) const;

  KeyedHash hash_;
  std::vector<Set> sets_;
  uint64_t forgotten_ = 0;
};

}  // namespace weir
