// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "base/value.h"
#include "script/script_runner.h"

namespace weir {

struct CronOptions {
  size_t workers = 2;  // threads that run the scripts
  // Empty: the system clock, each second. Else only tick() runs anything.
  bool ticks_by_itself = true;
  // What local time is ahead of UTC; empty: the system's.
  std::function<std::chrono::seconds(std::chrono::sys_seconds)> utc_offset;
};

// Runs scripts/cron/PERIOD/*.lua at the first moment of each PERIOD (second, minute, five_minutes,
// hour, day), hours and days of local time, and the checks (scripts/checks/ENTITY/*.lua) each
// second. `_GET.time` is the second they are run for, `_GET.every` the seconds of their PERIOD. A
// script never runs beside itself: one that is still running when its time comes is late, which is
// counted, and so is one for which no thread is free for so long that the queue is full. Seconds in
// which the machine slept are not made up for; a minute, hour or day that began in them is run
// once. Scripts are those of `scripts`, with its limits; errors are told there. While it lives
// ntop.health() has a member "cron".
class Cron {
 public:
  // `scripts` must outlive it.
  Cron(ScriptRunner& scripts, CronOptions options);
  ~Cron();  // waits for what is running
  Cron(const Cron&) = delete;
  Cron& operator=(const Cron&) = delete;

  // It is `now`. The first call only tells where time stands. Any thread, one at a time.
  void tick(std::chrono::sys_seconds now);

  // {"missed_seconds", "scripts": [{"script": "minute/top_talkers" or "checks/host/NAME", "runs",
  // "errors", "late", "running", "last_start", "last_ms", "longest_ms", "total_ms"} ...]}
  [[nodiscard]] Value table() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir
