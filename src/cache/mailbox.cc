// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/mailbox.h"

#include <algorithm>

namespace weir {

void Mailbox::put(std::string_view text) {
  {
    const std::lock_guard lock(mutex_);
    messages_.push_back({++last_, std::string(text)});
    bytes_ += text.size();
    while (messages_.size() > kMaxMessages || (bytes_ > kMaxBytes && messages_.size() > 1)) {
      bytes_ -= messages_.front().text.size();
      messages_.pop_front();
      ++dropped_;
    }
  }
  if (on_message_) on_message_();
}

std::vector<CacheMessage> Mailbox::messages(uint64_t after, size_t limit) const {
  const std::lock_guard lock(mutex_);
  const auto is_before = [](const CacheMessage& message, uint64_t number) {
    return message.number <= number;
  };
  const auto first = std::lower_bound(messages_.begin(), messages_.end(), after, is_before);
  const auto count = std::min(limit, static_cast<size_t>(messages_.end() - first));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

uint64_t Mailbox::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace weir
