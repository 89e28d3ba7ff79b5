// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "cache/mailbox.h"

namespace weir {

// Small things that are kept: values by their keys, lists, preferences. Keys and values are any
// bytes, up to the limits below; larger ones are refused and counted. Thread-safe. What cannot be
// written (a full disk, a server that is away) is counted and lost; nothing waits for it. What
// cannot be read in a short time is not there.
class Cache {
 public:
  static constexpr size_t kMaxKeyBytes = 512;
  static constexpr size_t kMaxValueBytes = size_t{1} << 20;
  static constexpr size_t kMaxListLength = 10'000;
  static constexpr size_t kMaxMessageBytes = size_t{64} << 10;
  static constexpr std::chrono::seconds kForever{0};

  virtual ~Cache() = default;

  [[nodiscard]] virtual std::optional<std::string> get(std::string_view key) = 0;
  // Takes the place of an earlier value and its lifetime.
  virtual void set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) = 0;
  virtual void erase(std::string_view key) = 0;

  // Lists have names of their own, apart from keys. The newest `keep` elements stay, at most
  // kMaxListLength.
  virtual void push(std::string_view list, std::string_view value, size_t keep) = 0;
  // The newest first.
  [[nodiscard]] virtual std::vector<std::string> newest(std::string_view list, size_t limit) = 0;
  // Takes the oldest out, so that a list is a queue.
  [[nodiscard]] virtual std::optional<std::string> take_oldest(std::string_view list) = 0;

  // Preferences are keys of their own, too. Written for good when it returns. Error: it was not, as
  // far as it is known.
  [[nodiscard]] virtual Result<void> set_preference(std::string_view name,
                                                    std::string_view value) = 0;
  [[nodiscard]] virtual std::optional<std::string> preference(std::string_view name) = 0;
  // Gone for good when it returns, whether it was there or not. Error: it is not.
  [[nodiscard]] virtual Result<void> erase_preference(std::string_view name) = 0;
  // The first `limit` names, by their bytes.
  [[nodiscard]] virtual std::vector<std::string> preference_names(size_t limit) = 0;

  // Publish and subscribe: a message goes to all mailboxes of its channel, here and in the other
  // instances that share the cache. Nothing is kept for who subscribes later. Messages of more than
  // kMaxMessageBytes are refused.
  virtual void publish(std::string_view channel, std::string_view message) = 0;
  // Lasts as long as the mailbox. `on_message`: as of Mailbox.
  [[nodiscard]] virtual std::shared_ptr<Mailbox> subscribe(std::string_view channel,
                                                           std::function<void()> on_message) = 0;
  // A mailbox that all who ask share, from the first time that one asks; there are at most
  // Channels::kMaxKept of them.
  virtual std::vector<CacheMessage> messages(std::string_view channel, uint64_t after,
                                             size_t limit) = 0;

  // {"kind", "refused", "failed", "error", "channels": as of Channels, ... what the
  // implementation knows}
  [[nodiscard]] virtual Value statistics() = 0;
};

}  // namespace weir
