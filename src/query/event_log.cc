// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/event_log.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json_reader.h"

namespace weir {
namespace {

// What a text costs beside its bytes.
constexpr size_t kOverheadBytes = 64;

std::string text_of(const Value& value) {
  const auto* text = value.as<std::string>();
  return text != nullptr ? *text : to_json(value);
}

// "alert.signature" of {"alert": {"signature": ...}}; null when there is none.
const Value& field_of(const Value& event, std::string_view path) {
  const Value* at = &event;
  for (;;) {
    const size_t dot = path.find('.');
    at = &(*at)[path.substr(0, dot)];
    if (dot == std::string_view::npos) return *at;
    path.remove_prefix(dot + 1);
  }
}

class FieldNames {
 public:
  void see(const Value& event) { see(event, "", 1); }
  [[nodiscard]] Value to_value() const {
    Value::Array rows;
    for (const auto& [name, events] : events_)
      rows.emplace_back(Value::Object{{"name", name}, {"events", events}});
    return rows;
  }

 private:
  void see(const Value& object, const std::string& prefix, size_t depth) {
    const auto* members = object.as<Value::Object>();
    if (members == nullptr) return;
    for (const auto& [name, value] : *members) {
      const bool goes_deeper = value.as<Value::Object>() != nullptr;
      if (goes_deeper && depth < EventLog::kMaxDepth) see(value, prefix + name + ".", depth + 1);
      if (goes_deeper || value.is_null()) continue;
      const auto found = events_.find(prefix + name);
      if (found != events_.end()) {
        ++found->second;
      } else if (events_.size() < EventLog::kMaxFields) {
        events_.emplace(prefix + name, 1);
      }
    }
  }
  std::map<std::string, uint64_t> events_;
};

// Numbers of events by step.
struct Bars {
  explicit Bars(size_t steps = 0) : counts(steps) {}
  void add(size_t step) {
    ++total;
    ++counts[step];
  }
  [[nodiscard]] Value::Object to_object() const {
    return {{"count", total}, {"counts", Value::Array(counts.begin(), counts.end())}};
  }

  uint64_t total = 0;
  std::vector<uint64_t> counts;
};

// The values of a field and how often they came. Only those that are shown get bars: there may be
// as many values as events.
class ValueCounts {
 public:
  explicit ValueCounts(size_t steps) : steps_(steps) {}

  void add(const std::string& value, size_t step) {
    auto found = places_.find(value);
    if (found == places_.end() && places_.size() < EventLog::kMaxValues) {
      found = places_.emplace(value, places_.size()).first;
      totals_.push_back(0);
    }
    const size_t place = found == places_.end() ? EventLog::kMaxValues : found->second;
    if (place < totals_.size()) ++totals_[place];
    seen_.push_back({static_cast<uint32_t>(place), static_cast<uint32_t>(step)});
  }
  void write_to(Value& answer, size_t limit) const {
    const std::vector<const std::string*> shown = most_frequent(limit);
    std::vector<size_t> row_of(EventLog::kMaxValues + 1, shown.size());
    for (size_t i = 0; i < shown.size(); ++i) row_of[places_.find(*shown[i])->second] = i;
    // Of the rows and, last, of all others.
    std::vector<Bars> bars(shown.size() + 1, Bars(steps_));
    for (const Seen& one : seen_) bars[row_of[one.place]].add(one.step);
    Value::Array rows;
    for (size_t i = 0; i < shown.size(); ++i) {
      Value::Object row = bars[i].to_object();
      row.insert(row.begin(), {"value", *shown[i]});
      rows.emplace_back(std::move(row));
    }
    answer.set("rows", std::move(rows));
    Value::Object other = bars.back().to_object();
    other.insert(other.begin(), {"values", places_.size() - shown.size()});
    answer.set("other", std::move(other));
  }

 private:
  struct Seen {
    uint32_t place;  // kMaxValues: no place of its own
    uint32_t step;
  };

  // Of those that are as frequent, in the order of their values.
  [[nodiscard]] std::vector<const std::string*> most_frequent(size_t limit) const {
    std::vector<std::pair<uint64_t, const std::string*>> order;
    for (const auto& [value, place] : places_) order.emplace_back(totals_[place], &value);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<const std::string*> values;
    for (size_t i = 0; i < std::min(order.size(), limit); ++i) values.push_back(order[i].second);
    return values;
  }

  const size_t steps_;
  std::map<std::string, size_t> places_;
  std::vector<uint64_t> totals_;  // by place
  std::vector<Seen> seen_;
};

Result<size_t> steps_of(const EventCountsRequest& request) {
  if (request.seconds == 0 || request.seconds > EventLog::kMaxSeconds)
    return Error{fmt::format("seconds is to be in 1 to {}", EventLog::kMaxSeconds)};
  if (request.step == 0 || request.step > request.seconds)
    return Error{"step is to be in 1 to seconds"};
  const uint64_t steps = (request.seconds + request.step - 1) / request.step;
  if (steps > EventLog::kMaxSteps)
    return Error{fmt::format("more than {} steps: a larger step is needed", EventLog::kMaxSteps)};
  if (request.limit > EventLog::kMaxLimit)
    return Error{fmt::format("limit is to be in 0 to {}", EventLog::kMaxLimit)};
  return static_cast<size_t>(steps);
}

}  // namespace

void EventLog::put(std::string_view json) {
  const Result<Value> event = parse_json(json);
  const bool is_event = event.ok() && (*event)["event"].as<std::string>() != nullptr;
  const size_t cost = json.size() + kOverheadBytes;
  const std::lock_guard lock(mutex_);
  if (!is_event || cost > max_bytes_) {
    ++unread_;
    return;
  }
  events_.push_back({now_(), std::make_shared<const std::string>(json)});
  bytes_ += cost;
  while (bytes_ > max_bytes_) {
    bytes_ -= events_.front().json->size() + kOverheadBytes;
    events_.pop_front();
    ++dropped_;
  }
}

void EventLog::miss(uint64_t events) {
  const std::lock_guard lock(mutex_);
  missed_ += events;
}

Result<Value> EventLog::counts(const EventCountsRequest& request) const {
  const Result<size_t> steps = steps_of(request);
  if (!steps) return steps.error();
  const double time = now_();
  const auto step = static_cast<double>(request.step);
  // Steps begin at multiples of their length, so that bars stay while time goes on.
  const double end = (std::floor(time / step) + 1) * step;
  const double start = end - static_cast<double>(*steps) * step;
  // Nobody who tells has to wait for the counting.
  std::vector<Event> events;
  double since = time;
  {
    const std::lock_guard lock(mutex_);
    if (!events_.empty()) since = events_.front().time;
    for (const Event& event : events_) {
      if (event.time >= start && event.time < end) events.push_back(event);
    }
  }
  ValueCounts counts(*steps);
  FieldNames names;
  uint64_t total = 0;
  uint64_t without = 0;
  for (const Event& event : events) {
    const Value said = *parse_json(*event.json);
    if (!request.event.empty() && *said["event"].as<std::string>() != request.event) continue;
    ++total;
    names.see(said);
    const Value& value = field_of(said, request.by);
    if (value.is_null()) {
      ++without;
    } else {
      counts.add(text_of(value), static_cast<size_t>((event.time - start) / step));
    }
  }
  Value answer{Value::Object{{"time", time},
                             {"start", start},
                             {"step", request.step},
                             {"since", since},
                             {"total", total},
                             {"without", without},
                             {"fields", names.to_value()}}};
  counts.write_to(answer, request.limit);
  return answer;
}

Value EventLog::statistics() const {
  const std::lock_guard lock(mutex_);
  return Value::Object{{"events", events_.size()}, {"bytes", bytes_},   {"limit_bytes", max_bytes_},
                       {"dropped", dropped_},      {"missed", missed_}, {"unread", unread_}};
}

}  // namespace weir
