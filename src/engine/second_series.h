// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/cell.h"
#include "net/local_networks.h"
#include "record/flow_record.h"

namespace weir {

// What charts stack: the four protocol classes, and what carries no IP.
inline constexpr size_t kSeriesClasses = 5;
inline constexpr size_t kSeriesNonIp = 4;
[[nodiscard]] std::string_view series_class_name(
    size_t index);  // "TCP", "UDP", "ICMP", "Other IP", "Non-IP"

// The traffic of a second.
struct SeriesPoint {
  std::array<Traffic, kSeriesClasses> classes;
  std::array<Traffic, kDirections> directions;  // of what carries IP, by Direction

  SeriesPoint& operator+=(const SeriesPoint& other);
};

// Packets and bytes of each of the last kSeconds seconds of packet time. Owner: shard thread; at()
// from any thread.
class SecondSeries {
 public:
  static constexpr size_t kSeconds = 3600;

  SecondSeries() : entries_(kSeconds) {}

  // Counts traffic of `second`. False, and nothing counted, when that second lies beyond `clock` or
  // its place holds a later one.
  bool add(uint32_t second, uint32_t clock, const SeriesPoint& traffic);

  // The sums of a second; nothing when no packet of it was counted or its place has been taken. Any
  // thread.
  [[nodiscard]] std::optional<SeriesPoint> at(uint32_t second) const;

 private:
  static constexpr size_t kLines = kSeriesClasses + kDirections;
  struct Entry {
    Sequence sequence{};
    Cell<uint32_t> second{};
    std::array<Cell<uint64_t>, kLines> packets{};  // of classes, then of directions
    std::array<Cell<uint64_t>, kLines> bytes{};
  };

  static void start_anew(Entry& entry, uint32_t second);

  std::vector<Entry> entries_;  // by second modulo kSeconds
};

}  // namespace weir
