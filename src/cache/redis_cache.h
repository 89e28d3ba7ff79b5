// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "cache/cache.h"
#include "cache/redis_address.h"
#include "cache/redis_queue.h"

namespace weir {

struct RedisCacheOptions {
  RedisAddress address;
  RedisTiming timing;
  RedisLimits limits;
  // Where preferences are kept for good; the Redis gets a copy. It must outlive the cache. Null:
  // only the Redis has them.
  Cache* preferences = nullptr;
};

// A Cache in a Redis (docs/cache.md). A thread of its own writes, many commands at a time, and
// nobody waits for it: a queue of limited size holds what is to be written, also while the Redis is
// away, and drops the oldest. Who reads waits for the answer for a short time and is told "nothing"
// when there is none. The Redis itself decides what must give way there (maxmemory). It begins to
// connect when it is made and goes on trying as long as it lives.
//
// statistics(): {"kind": "redis", "address", "state": "connected", "slow" or "down", "error" (the
// last one since it was connected, or why it is not), "reconnects", "emptied" (times that all was
// gone, as after FLUSHALL), "queued", "queued_bytes", "unanswered", "dropped", "refused", "failed",
// "timeouts", "channels": as of Channels, with "received" (from other instances) and
// "hears_others", "preferences": statistics() of where they are kept}
class RedisCache final : public Cache {
 public:
  explicit RedisCache(RedisCacheOptions options);
  ~RedisCache() override;  // waits at most half a second for what is to be written
  RedisCache(const RedisCache&) = delete;
  RedisCache& operator=(const RedisCache&) = delete;

  [[nodiscard]] std::optional<std::string> get(std::string_view key) override;
  void set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) override;
  void erase(std::string_view key) override;
  void push(std::string_view list, std::string_view value, size_t keep) override;
  [[nodiscard]] std::vector<std::string> newest(std::string_view list, size_t limit) override;
  [[nodiscard]] std::optional<std::string> take_oldest(std::string_view list) override;
  [[nodiscard]] Result<void> set_preference(std::string_view name, std::string_view value) override;
  [[nodiscard]] std::optional<std::string> preference(std::string_view name) override;
  [[nodiscard]] Result<void> erase_preference(std::string_view name) override;
  [[nodiscard]] std::vector<std::string> preference_names(size_t limit) override;
  void publish(std::string_view channel, std::string_view message) override;
  [[nodiscard]] std::shared_ptr<Mailbox> subscribe(std::string_view channel,
                                                   std::function<void()> on_message) override;
  std::vector<CacheMessage> messages(std::string_view channel, uint64_t after,
                                     size_t limit) override;
  [[nodiscard]] Value statistics() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir
