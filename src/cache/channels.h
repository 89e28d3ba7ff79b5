// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "cache/mailbox.h"

namespace weir {

// Who hears what within this process. Thread-safe.
class Channels {
 public:
  static constexpr size_t kMaxKept = 64;  // channels that messages() keeps

  // To the mailboxes of all who subscribed to exactly this channel.
  void publish(std::string_view channel, std::string_view message);
  // The subscription lasts as long as the mailbox.
  [[nodiscard]] std::shared_ptr<Mailbox> subscribe(std::string_view channel,
                                                   std::function<void()> on_message);
  // The latest of a channel that is kept for all who ask, from the first call on.
  std::vector<CacheMessage> messages(std::string_view channel, uint64_t after, size_t limit);

  [[nodiscard]] bool has_subscribers() const { return has_subscribers_.load(); }
  // {"subscriptions", "published", "delivered", "dropped"}
  [[nodiscard]] Value statistics() const;

 private:
  [[nodiscard]] std::vector<std::shared_ptr<Mailbox>> subscribers(std::string_view channel);

  mutable std::mutex mutex_;
  std::multimap<std::string, std::weak_ptr<Mailbox>, std::less<>> mailboxes_;
  std::map<std::string, std::shared_ptr<Mailbox>, std::less<>> kept_;
  std::atomic<bool> has_subscribers_{false};  // once it had one
  uint64_t published_ = 0;
  uint64_t delivered_ = 0;
};

}  // namespace weir
