// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/second_series.h"

namespace weir {

std::string_view series_class_name(size_t index) {
  static constexpr std::array<std::string_view, kSeriesClasses> kNames{"TCP", "UDP", "ICMP",
                                                                       "Other IP", "Non-IP"};
  return kNames[index];
}

bool SecondSeries::add(uint32_t second, uint32_t clock, const SeriesPoint& traffic) {
  Entry& entry = entries_[second % kSeconds];
  const uint32_t held = entry.second.get();
  // What lies beyond the clock has a wrong time and must not take the place of a true second.
  if (second > clock || held > second) return false;
  entry.sequence.begin();
  const bool starts_anew = held != second;
  entry.second.set(second);
  for (size_t i = 0; i < kSeriesClasses; ++i) {
    if (starts_anew) {
      entry.packets[i].set(0);
      entry.bytes[i].set(0);
    }
    entry.packets[i].add(traffic[i].packets);
    entry.bytes[i].add(traffic[i].bytes);
  }
  entry.sequence.end();
  return true;
}

std::optional<SeriesPoint> SecondSeries::at(uint32_t second) const {
  const Entry& entry = entries_[second % kSeconds];
  SeriesPoint point;
  bool is_same = false;
  const bool ok = copy_consistently(entry.sequence, [&] {
    is_same = entry.second.read() == second;
    for (size_t i = 0; i < kSeriesClasses; ++i)
      point[i] = {entry.packets[i].read(), entry.bytes[i].read()};
  });
  if (!ok || !is_same) return std::nullopt;
  return point;
}

}  // namespace weir
