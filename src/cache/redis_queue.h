// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "cache/redis_connection.h"

namespace weir {

// What may wait for a Redis and how long.
struct RedisLimits {
  size_t commands = 16'384;             // that wait; beyond that the oldest is dropped
  size_t bytes = size_t{16} << 20;      // of them
  size_t unanswered = 1024;             // sent and not answered; `bytes` holds for them, too
  std::chrono::milliseconds read{150};  // the longest that somebody waits for an answer
};

// Somebody who waits for the answer to a command. Shared by whoever asks and the thread of the
// connection; the queue's mutex protects it.
struct RedisQuestion {
  enum class State : uint8_t { kAsked, kAnswered, kGivenUp };
  State state = State::kAsked;
  RedisReply reply;
};

struct RedisItem {
  RedisCommand command;
  size_t bytes = 0;
  std::shared_ptr<RedisQuestion> question;  // null: nobody waits
  bool takes_out = false;                   // what it answers is in the Redis no more
  bool is_heartbeat = false;
};

// Whom a reply was for.
enum class RedisAddressee : uint8_t { kNobody, kCommand, kHeartbeat };

// Commands on their way to a Redis, in the order in which they were given, so that who reads sees
// what was written before. Writes wait for nothing; who reads waits for a short time, and not at
// all while the Redis is away or has just failed to answer in time. Thread-safe, but for the part
// of the connection's thread.
class RedisQueue {
 public:
  // `wake` is called when there is something to send after there was nothing, from any thread.
  RedisQueue(RedisLimits limits, std::function<void()> wake);

  // Commands that belong together go one behind the other.
  void write(std::vector<RedisCommand> commands);
  // The same for what is of no use later: dropped while the Redis is away.
  void write_now(RedisCommand command);
  // Nothing: there was no answer in time, or an error, which is counted.
  std::optional<RedisReply> ask(RedisCommand command, bool takes_out = false);

  // For the thread of the connection, in order: what to send next, nothing when there is nothing
  // or enough is unanswered.
  std::optional<RedisCommand> next();
  // A command of the thread itself was sent behind all that next() gave.
  void sent_heartbeat();
  // The answer to the oldest of what was sent. That to a heartbeat is left in `reply`.
  [[nodiscard]] RedisAddressee answer(RedisReply& reply);
  // The Redis is there: who asks is worth waiting for.
  void open();
  // It is not: what was sent and not answered is lost.
  void close(const std::string& reason);
  // Whether all is sent and answered.
  [[nodiscard]] bool is_empty() const;

  // Adds "state" ("connected", "slow" or "down"), "queued", "queued_bytes", "unanswered",
  // "dropped", "failed", "timeouts" and "error".
  void add_statistics(Value& out) const;

 private:
  void put(RedisItem item);
  void drop_oldest();
  void finish(const RedisItem& item, RedisReply reply);
  void give_back(const RedisItem& item, const RedisReply& reply);
  void give_up(const RedisItem& item);

  const RedisLimits limits_;
  const std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<RedisItem> waiting_;
  std::deque<RedisItem> sent_;
  size_t waiting_bytes_ = 0;
  size_t sent_bytes_ = 0;
  bool is_open_ = false;
  bool is_slow_ = false;
  bool is_awake_ = false;  // the thread knows that there is something
  uint64_t dropped_ = 0;
  uint64_t failed_ = 0;
  uint64_t timeouts_ = 0;
  std::string error_;
};

}  // namespace weir
