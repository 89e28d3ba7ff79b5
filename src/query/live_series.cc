// SPDX-License-Identifier: GPL-3.0-or-later
// What interfaces did second by second.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "query/application_sums.h"
#include "query/interface_series.h"
#include "query/live_questions.h"

namespace weir {

std::optional<SeriesPoint> point_at(const Interface& interface, uint32_t second) {
  std::optional<SeriesPoint> sum;
  for (const auto& shard : interface.shards()) {
    const auto point = shard->series().at(second);
    if (!point) continue;
    if (!sum) sum.emplace();
    *sum += *point;
  }
  return sum;
}

bool was_looking(const InterfaceSums& sums, uint32_t second) {
  constexpr uint64_t kSecond = 1'000'000'000;
  return sums.first_seen != 0 && second >= sums.first_seen / kSecond && second < sums.clock_second;
}

namespace {

// What came within each window of a second, by all shards of some interfaces.
class BurstSum {
 public:
  // `clock`: the second in which its time stands; what is older than a series lasts may be there
  // or not.
  void add(const Interface& interface, uint32_t second, uint32_t clock) {
    if (second + BurstSeries::kSeconds <= clock) return;
    for (const auto& shard : interface.shards())
      is_known_ = shard->bursts().add_to(windows_, second) || is_known_;
  }
  [[nodiscard]] Value peak() const {
    if (!is_known_) return {};
    return *std::max_element(windows_.begin(), windows_.end());
  }

 private:
  BurstSeries::Windows windows_{};
  bool is_known_ = false;
};

// What some interfaces did in the last seconds, each of them nothing where none was looking.
class SeriesWindow {
 public:
  SeriesWindow(std::vector<const Interface*> interfaces, size_t seconds)
      : interfaces_(std::move(interfaces)) {
    for (const Interface* one : interfaces_) {
      sums_.push_back(sum_interface(*one));
      clock_ = std::max(clock_, sums_.back().clock_second);
    }
    start_ = clock_ - static_cast<uint32_t>(std::min<size_t>(seconds, clock_));
    for (uint32_t second = start_; second < clock_; ++second) look_at(second);
  }

  [[nodiscard]] uint32_t start() const { return start_; }
  [[nodiscard]] const std::vector<const Interface*>& interfaces() const { return interfaces_; }
  [[nodiscard]] const std::vector<std::optional<SeriesPoint>>& points() const { return points_; }
  [[nodiscard]] Value take_peaks() {
    return Value::Object{{"window_ms", uint64_t{BurstSeries::kWindowMilliseconds}},
                         {"bytes", std::move(peaks_)}};
  }

 private:
  void look_at(uint32_t second) {
    std::optional<SeriesPoint> total;
    BurstSum bursts;
    for (size_t i = 0; i < interfaces_.size(); ++i) {
      if (!was_looking(sums_[i], second)) continue;
      if (!total) total.emplace();
      if (const auto point = point_at(*interfaces_[i], second)) *total += *point;
      bursts.add(*interfaces_[i], second, clock_);
    }
    points_.push_back(total);
    peaks_.push_back(total ? bursts.peak() : Value());
  }

  std::vector<const Interface*> interfaces_;
  std::vector<InterfaceSums> sums_;
  uint32_t clock_ = 0;
  uint32_t start_ = 0;
  std::vector<std::optional<SeriesPoint>> points_;
  Value::Array peaks_;
};

// A line of the answer; `at(i)` gives the traffic of each second in which somebody was looking.
template <typename At>
Value line(std::string_view name, const SeriesWindow& window, At&& at) {
  Value::Array bytes;
  Value::Array packets;
  for (size_t i = 0; i < window.points().size(); ++i) {
    if (!window.points()[i]) {
      bytes.emplace_back();
      packets.emplace_back();
      continue;
    }
    const Traffic traffic = at(i);
    bytes.emplace_back(traffic.bytes);
    packets.emplace_back(traffic.packets);
  }
  return Value::Object{
      {"name", name}, {"bytes", std::move(bytes)}, {"packets", std::move(packets)}};
}

Value::Array lines_of_classes(const SeriesWindow& window) {
  Value::Array lines;
  for (size_t which = 0; which < kSeriesClasses; ++which) {
    lines.push_back(line(series_class_name(which), window,
                         [&](size_t i) { return window.points()[i]->classes[which]; }));
  }
  return lines;
}

Value::Array lines_of_directions(const SeriesWindow& window) {
  Value::Array lines;
  // As people ask for them.
  for (const Direction way :
       {Direction::kIn, Direction::kOut, Direction::kWithin, Direction::kThrough}) {
    const auto which = static_cast<size_t>(way);
    lines.push_back(line(direction_name(way), window,
                         [&](size_t i) { return window.points()[i]->directions[which]; }));
  }
  return lines;
}

// Those with the most bytes, the most first, and all else.
Value::Array lines_of_applications(const SeriesWindow& window, size_t top) {
  ApplicationSums sums(window.start(), window.points().size());
  for (const Interface* interface : window.interfaces()) sums.add(*interface);
  const auto most = sums.take_most(top);
  Value::Array lines;
  for (const ApplicationSums::Row& row : most)
    lines.push_back(line(row.name, window, [&](size_t i) { return row.seconds[i]; }));
  lines.push_back(line(ApplicationSums::kOther, window, [&](size_t i) {
    Traffic rest;
    for (const Traffic& traffic : window.points()[i]->classes) rest += traffic;
    for (const ApplicationSums::Row& row : most) {
      // What flows told while it was asked is in neither or, late packets, in another second.
      rest.bytes -= std::min(rest.bytes, row.seconds[i].bytes);
      rest.packets -= std::min(rest.packets, row.seconds[i].packets);
    }
    return rest;
  }));
  return lines;
}

Value::Array lines_of(const SeriesWindow& window, const SeriesRequest& request) {
  switch (request.by) {
    case SeriesBy::kClass:
      return lines_of_classes(window);
    case SeriesBy::kDirection:
      return lines_of_directions(window);
    case SeriesBy::kApplication:
      break;
  }
  return lines_of_applications(window, request.top);
}

}  // namespace

Answer LiveQuestions::series(const SeriesRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  const size_t most =
      request.by == SeriesBy::kApplication ? ApplicationSums::kMostSeconds : SecondSeries::kSeconds;
  if (request.seconds == 0 || request.seconds > most)
    return QueryError{QueryError::Kind::kBadParameter, "seconds", fmt::format("from 1 to {}", most),
                      0};
  if (request.top == 0 || request.top > SeriesRequest::kMostTop)
    return QueryError{QueryError::Kind::kBadParameter, "top",
                      fmt::format("from 1 to {}", SeriesRequest::kMostTop), 0};
  SeriesWindow window(*interfaces, request.seconds);
  Value answer;
  answer.set("time", setting_.now());
  answer.set("start", window.start());
  answer.set("step", 1);
  answer.set("series", lines_of(window, request));
  answer.set("peaks", window.take_peaks());
  return answer;
}

}  // namespace weir
