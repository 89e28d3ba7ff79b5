// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/value.h"

namespace weir {

// How often what happened, by one field of the events.
struct EventCountsRequest {
  std::string by = "event";  // a field, or one inside another: "alert.signature"
  std::string event{};       // only events of that kind; empty: all
  uint64_t seconds = 3600;   // up to now
  uint64_t step = 60;        // seconds of a bar
  size_t limit = 10;         // values with counts of their own
};

// The latest of what was told on the channel "events", to be counted by any of its fields. What is
// no JSON object with an "event" is left out. Bounded in bytes; the oldest give way. Thread-safe.
class EventLog {
 public:
  static constexpr uint64_t kMaxSeconds = 7 * 86'400;
  static constexpr uint64_t kMaxSteps = 2000;
  static constexpr size_t kMaxLimit = 100;
  static constexpr size_t kMaxValues = 10'000;  // told apart; further ones are in "other"
  static constexpr size_t kMaxFields = 200;     // that are named
  static constexpr size_t kMaxDepth = 3;        // of fields inside others

  // `now`: seconds since 1970.
  EventLog(size_t max_bytes, std::function<double()> now)
      : max_bytes_(max_bytes), now_(std::move(now)) {}

  void put(std::string_view json);
  // So many were told that did not come here: more at a time than a mailbox holds.
  void miss(uint64_t events);

  // {"time", "start", "step", "since": when the oldest that is kept came, "total": events of the
  // time and kind, "without": of which have no such field, "fields": [{"name", "events"} ...], by
  // name, "rows": [{"value", "count", "counts": [of each step ...]} ...], the most frequent first,
  // "other": {"values", "count", "counts"}}. Error: a request beyond the bounds. Cost: reads each
  // event that is kept, some 2 us.
  [[nodiscard]] Result<Value> counts(const EventCountsRequest& request) const;

  // {"events", "bytes", "limit_bytes", "dropped": gave way, "missed", "unread": no events, or too
  // long}
  [[nodiscard]] Value statistics() const;

 private:
  struct Event {
    double time;
    std::shared_ptr<const std::string> json;  // who counts reads on when it has given way
  };

  const size_t max_bytes_;
  const std::function<double()> now_;
  mutable std::mutex mutex_;
  std::deque<Event> events_;
  size_t bytes_ = 0;
  uint64_t dropped_ = 0;
  uint64_t missed_ = 0;
  uint64_t unread_ = 0;
};

}  // namespace weir
