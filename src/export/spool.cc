// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/spool.h"

#include <algorithm>
#include <utility>

namespace weir {

void Spool::add(std::vector<Message>&& messages) {
  if (messages.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (Message& message : messages) {
      if (message.bytes.size() + kMessageBytes > limit_) {
        dropped_flows_ += message.flows;
        continue;
      }
      bytes_ += message.bytes.size() + kMessageBytes;
      messages_.push_back(std::move(message));
    }
    while (bytes_ > limit_ && !messages_.empty()) {
      bytes_ -= messages_.front().bytes.size() + kMessageBytes;
      dropped_flows_ += messages_.front().flows;
      messages_.pop_front();
    }
  }
  came_.notify_one();
}

std::vector<Message> Spool::take(size_t most, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  (void)came_.wait_for(lock, patience, [this] { return !messages_.empty(); });
  const auto end =
      messages_.begin() + static_cast<std::ptrdiff_t>(std::min(most, messages_.size()));
  std::vector<Message> taken(std::make_move_iterator(messages_.begin()),
                             std::make_move_iterator(end));
  messages_.erase(messages_.begin(), end);
  for (const Message& message : taken) bytes_ -= message.bytes.size() + kMessageBytes;
  return taken;
}

Spool::Figures Spool::figures() const {
  const std::lock_guard lock(mutex_);
  return {messages_.size(), bytes_, dropped_flows_};
}

}  // namespace weir
