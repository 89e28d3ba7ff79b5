// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "cache/cache.h"
#include "query/event_log.h"

namespace weir {

// Puts what is told on a channel of the cache into an event log while it lives: at once, by whoever
// tells it, so that a thousand events in a moment do not push each other out of the mailbox.
class EventTap {
 public:
  // `on_event` is called after each; both it and `log` must outlive the tap.
  EventTap(Cache& cache, std::string_view channel, EventLog& log, std::function<void()> on_event);
  ~EventTap();
  EventTap(const EventTap&) = delete;
  EventTap& operator=(const EventTap&) = delete;

 private:
  struct Flow;
  std::shared_ptr<Flow> flow_;
};

}  // namespace weir
