// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cache/redis_address.h"

struct redisContext;

namespace weir {

struct RedisReply {
  enum class Kind : uint8_t { kNothing, kText, kNumber, kList, kError };
  Kind kind = Kind::kNothing;
  std::string text;  // of an error, too
  int64_t number = 0;
  std::vector<std::string> list;  // what is no text in it is empty
};

using RedisCommand = std::vector<std::string>;

struct RedisTiming {
  std::chrono::milliseconds first_retry{100};  // doubled from one failure to the next
  std::chrono::milliseconds last_retry{5000};
  std::chrono::milliseconds greeting{2000};  // to connect and be let in
  std::chrono::milliseconds answer{2000};    // silence after a command that ends the connection
  std::chrono::milliseconds heartbeat{1000};
};

// One connection to a Redis that comes back by itself. It never waits: the owner polls its
// descriptor and calls turn(). After each failure it tries again later and later, until a
// connection has lasted; the time is a random fifth off, so that many instances do not come
// together. A reply may have 64 MiB and an array 10,000 elements that are no arrays themselves;
// more, or what is no Redis protocol, ends the connection. Owner: one thread. Cost: looking up
// HOST, when it is a name, blocks that thread.
class RedisConnection {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr size_t kMaxReplyBytes = size_t{64} << 20;
  static constexpr size_t kMaxElements = 10'000;

  // Called by turn(), flush() and lose(); they may call send().
  struct Events {
    std::function<void()> on_ready;
    std::function<void(RedisReply)> on_reply;                // in the order of the commands
    std::function<void(const std::string& reason)> on_lost;  // or could not be made
  };

  RedisConnection(RedisAddress address, RedisTiming timing, Events events);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  [[nodiscard]] bool is_ready() const { return state_ == State::kReady; }
  // REQUIRES: is_ready(). Goes out with the next flush() or turn().
  void send(const RedisCommand& command);
  void flush() { write(); }

  // -1: none at the moment.
  [[nodiscard]] int descriptor() const;
  [[nodiscard]] bool wants_to_write() const;
  // When turn() is to be called at the latest.
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
  // Does what can be done now.
  void turn(Clock::time_point now);
  // Ends the connection for `reason`, as if the other side had; it is made again later. Time is
  // that of the last turn().
  void lose(const std::string& reason);

 private:
  // kWaiting: for the time to try again. kGreeting: AUTH, SELECT and PING are not answered yet.
  enum class State : uint8_t { kWaiting, kConnecting, kGreeting, kReady };
  struct ContextCloser {
    void operator()(redisContext* context) const;
  };

  void connect();
  void look_whether_connected();
  void greet();
  void append(const RedisCommand& command);
  void write();
  void read();
  void take_replies();
  void take_reply(void* reply);
  void be_greeted(const RedisReply& reply);
  [[nodiscard]] std::string reason() const;

  const RedisAddress address_;
  const RedisTiming timing_;
  const Events events_;
  State state_ = State::kWaiting;
  std::unique_ptr<redisContext, ContextCloser> context_;
  Clock::time_point now_;       // of the turn
  Clock::time_point deadline_;  // of the state
  Clock::time_point ready_since_;
  std::chrono::milliseconds retry_;
  size_t greetings_ = 0;     // still to be answered
  size_t reply_bytes_ = 0;   // of a reply that is not whole yet
  bool has_more_ = false;    // to write
  bool is_waiting_ = false;  // for the other side to say anything
  uint64_t random_;
};

}  // namespace weir
