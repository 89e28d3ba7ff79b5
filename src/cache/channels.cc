// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/channels.h"

#include <utility>

namespace weir {

void Channels::publish(std::string_view channel, std::string_view message) {
  // Without the lock: who is told may ask.
  for (const auto& mailbox : subscribers(channel)) mailbox->put(message);
}

std::shared_ptr<Mailbox> Channels::subscribe(std::string_view channel,
                                             std::function<void()> on_message) {
  auto mailbox = std::make_shared<Mailbox>(std::move(on_message));
  const std::lock_guard lock(mutex_);
  std::erase_if(mailboxes_, [](const auto& entry) { return entry.second.expired(); });
  mailboxes_.emplace(channel, mailbox);
  has_subscribers_ = true;
  return mailbox;
}

std::vector<CacheMessage> Channels::messages(std::string_view channel, uint64_t after,
                                             size_t limit) {
  std::shared_ptr<Mailbox> mailbox;
  {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(channel);
    if (kept != kept_.end()) {
      mailbox = kept->second;
    } else if (kept_.size() < kMaxKept) {
      mailbox = std::make_shared<Mailbox>(nullptr);
      kept_.emplace(channel, mailbox);
      mailboxes_.emplace(channel, mailbox);
      has_subscribers_ = true;
    }
  }
  return mailbox ? mailbox->messages(after, limit) : std::vector<CacheMessage>();
}

Value Channels::statistics() const {
  const std::lock_guard lock(mutex_);
  uint64_t subscriptions = 0;
  uint64_t dropped = 0;
  for (const auto& [channel, reference] : mailboxes_) {
    const auto mailbox = reference.lock();
    if (!mailbox) continue;
    ++subscriptions;
    dropped += mailbox->dropped();
  }
  return Value::Object{{"subscriptions", subscriptions},
                       {"published", published_},
                       {"delivered", delivered_},
                       {"dropped", dropped}};
}

std::vector<std::shared_ptr<Mailbox>> Channels::subscribers(std::string_view channel) {
  const std::lock_guard lock(mutex_);
  ++published_;
  std::vector<std::shared_ptr<Mailbox>> found;
  const auto [begin, end] = mailboxes_.equal_range(channel);
  for (auto each = begin; each != end; ++each) {
    if (auto mailbox = each->second.lock()) found.push_back(std::move(mailbox));
  }
  delivered_ += found.size();
  return found;
}

}  // namespace weir
