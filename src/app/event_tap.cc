// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_tap.h"

#include <cstdint>
#include <mutex>
#include <utility>

namespace weir {

// Who tells may still be about to when the tap is gone, so this outlives it.
struct EventTap::Flow {
  Flow(EventLog& to, std::function<void()> heard) : log(&to), on_event(std::move(heard)) {}

  void take() {
    const std::lock_guard lock(mutex);
    if (log == nullptr || mailbox == nullptr) return;
    for (const CacheMessage& message : mailbox->messages(last, Mailbox::kMaxMessages)) {
      log->miss(message.number - last - 1);
      log->put(message.text);
      last = message.number;
    }
    on_event();
  }

  std::mutex mutex;
  EventLog* log;  // null: the tap is gone
  std::function<void()> on_event;
  std::shared_ptr<Mailbox> mailbox;
  uint64_t last = 0;
};

EventTap::EventTap(Cache& cache, std::string_view channel, EventLog& log,
                   std::function<void()> on_event)
    : flow_(std::make_shared<Flow>(log, std::move(on_event))) {
  auto mailbox = cache.subscribe(channel, [flow = flow_] { flow->take(); });
  {
    const std::lock_guard lock(flow_->mutex);
    flow_->mailbox = std::move(mailbox);
  }
  flow_->take();  // what was told meanwhile
}

EventTap::~EventTap() {
  const std::lock_guard lock(flow_->mutex);
  flow_->log = nullptr;
  flow_->mailbox = nullptr;
}

}  // namespace weir
