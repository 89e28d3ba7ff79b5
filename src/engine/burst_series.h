// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/cell.h"
#include "base/timestamp.h"

namespace weir {

// Bytes of each of the windows into which the last kSeconds seconds of packet time are cut: an
// average over a second does not show what fills a buffer. Whole windows are kept, so that those of
// several shards add up to what came in at once. Owner: shard thread; add_to() by any thread. Cost:
// two divisions and a line that stays near for a window.
class BurstSeries {
 public:
  static constexpr uint32_t kWindowMilliseconds = 10;
  static constexpr size_t kWindows = 1'000 / kWindowMilliseconds;  // of a second
  static constexpr size_t kSeconds = 600;
  using Windows = std::array<uint64_t, kWindows>;

  BurstSeries() : entries_(kSeconds) {}

  // Bytes of packets whose times are from `first` to `last`. False, and nothing counted, when these
  // are not of one window. As SecondSeries, it takes no second beyond `clock`
  // and none whose place holds a later one.
  bool add(Timestamp first, Timestamp last, uint64_t bytes, uint32_t clock) {
    const size_t window = window_of(first);
    if (first.seconds != last.seconds || window_of(last) != window) return false;
    Entry& entry = entries_[first.seconds % kSeconds];
    if (entry.second.get() != first.seconds) [[unlikely]] {
      if (first.seconds > clock || entry.second.get() > first.seconds) return true;
      start_anew(entry, first.seconds);
    }
    entry.sequence.begin();
    const uint64_t sum = entry.bytes[window].get() + bytes;
    entry.bytes[window].set(static_cast<uint32_t>(std::min<uint64_t>(sum, UINT32_MAX)));
    entry.sequence.end();
    return true;
  }

  // Adds the windows of a second to `windows`; false, and nothing added, when it is not there.
  [[nodiscard]] bool add_to(Windows& windows, uint32_t second) const;

 private:
  struct Entry {
    Sequence sequence{};
    Cell<uint32_t> second{};
    std::array<Cell<uint32_t>, kWindows> bytes{};  // at most: a file may say anything
  };

  static size_t window_of(Timestamp when) {
    return std::min<size_t>(when.nanoseconds / (kWindowMilliseconds * 1'000'000), kWindows - 1);
  }
  static void start_anew(Entry& entry, uint32_t second);

  std::vector<Entry> entries_;  // by second modulo kSeconds
};

}  // namespace weir
