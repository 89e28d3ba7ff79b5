// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/second_series.h"

namespace weir {

std::string_view series_class_name(size_t index) {
  static constexpr std::array<std::string_view, kSeriesClasses> kNames{"TCP", "UDP", "ICMP",
                                                                       "Other IP", "Non-IP"};
  return kNames[index];
}

SeriesPoint& SeriesPoint::operator+=(const SeriesPoint& other) {
  for (size_t i = 0; i < kSeriesClasses; ++i) classes[i] += other.classes[i];
  for (size_t i = 0; i < kDirections; ++i) directions[i] += other.directions[i];
  return *this;
}

bool SecondSeries::add(uint32_t second, uint32_t clock, const SeriesPoint& traffic) {
  Entry& entry = entries_[second % kSeconds];
  const uint32_t held = entry.second.get();
  // What lies beyond the clock has a wrong time and must not take the place of a true second; what
  // is held beyond it is none, as time went back.
  if (second > clock || (held > second && held <= clock)) return false;
  entry.sequence.begin();
  if (held != second) start_anew(entry, second);
  const auto add_line = [&](size_t line, const Traffic& part) {
    entry.packets[line].add(part.packets);
    entry.bytes[line].add(part.bytes);
  };
  for (size_t i = 0; i < kSeriesClasses; ++i) add_line(i, traffic.classes[i]);
  for (size_t i = 0; i < kDirections; ++i) add_line(kSeriesClasses + i, traffic.directions[i]);
  entry.sequence.end();
  return true;
}

void SecondSeries::start_anew(Entry& entry, uint32_t second) {
  entry.second.set(second);
  for (size_t i = 0; i < kLines; ++i) {
    entry.packets[i].set(0);
    entry.bytes[i].set(0);
  }
}

std::optional<SeriesPoint> SecondSeries::at(uint32_t second) const {
  const Entry& entry = entries_[second % kSeconds];
  SeriesPoint point;
  bool is_same = false;
  const auto line = [&](size_t i) {
    return Traffic{entry.packets[i].read(), entry.bytes[i].read()};
  };
  const bool ok = copy_consistently(entry.sequence, [&] {
    is_same = entry.second.read() == second;
    for (size_t i = 0; i < kSeriesClasses; ++i) point.classes[i] = line(i);
    for (size_t i = 0; i < kDirections; ++i) point.directions[i] = line(kSeriesClasses + i);
  });
  if (!ok || !is_same) return std::nullopt;
  return point;
}

}  // namespace weir
