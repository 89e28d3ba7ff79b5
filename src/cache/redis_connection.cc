// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/keyed_hash.h"

namespace weir {
namespace {

constexpr auto kNever = RedisConnection::Clock::time_point::max();
constexpr size_t kMaxReason = 200;

// The type of an array's length is another one in other versions of hiredis.
template <typename Function>
struct LengthOf;
template <typename Length>
struct LengthOf<void* (*)(const redisReadTask*, Length)> {
  using Type = Length;
};
using ArrayLength = LengthOf<decltype(redisReplyObjectFunctions::createArray)>::Type;

// hiredis' own way to make replies; it takes memory for as many elements as are announced.
redisReplyObjectFunctions& usual_functions() {
  static redisReplyObjectFunctions functions{};
  return functions;
}

void* make_short_array(const redisReadTask* task, ArrayLength length) {
  if (task->parent != nullptr) return nullptr;
  if (static_cast<size_t>(length) > RedisConnection::kMaxElements) return nullptr;
  return usual_functions().createArray(task, length);
}

redisReplyObjectFunctions* careful_functions(const redisReplyObjectFunctions* usual) {
  static redisReplyObjectFunctions careful = [usual] {
    usual_functions() = *usual;
    redisReplyObjectFunctions functions = *usual;
    functions.createArray = make_short_array;
    return functions;
  }();
  return &careful;
}

std::string text_of(const redisReply& reply) {
  return reply.str == nullptr ? std::string() : std::string(reply.str, reply.len);
}

RedisReply to_reply(const redisReply& from) {
  RedisReply to;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      to.kind = RedisReply::Kind::kText;
      to.text = text_of(from);
      break;
    case REDIS_REPLY_INTEGER:
      to.kind = RedisReply::Kind::kNumber;
      to.number = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      to.kind = RedisReply::Kind::kList;
      for (size_t i = 0; i < from.elements; ++i) to.list.push_back(text_of(*from.element[i]));
      break;
    case REDIS_REPLY_ERROR:
      to.kind = RedisReply::Kind::kError;
      to.text = text_of(from).substr(0, kMaxReason);
      break;
    default:
      break;
  }
  return to;
}

uint64_t next_random(uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  uint64_t mixed = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

// 80 % to 120 % of it.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds time, uint64_t& random) {
  return time * static_cast<int64_t>(80 + next_random(random) % 41) / 100;
}

}  // namespace

void RedisConnection::ContextCloser::operator()(redisContext* context) const {
  redisFree(context);
}

RedisConnection::RedisConnection(RedisAddress address, RedisTiming timing, Events events)
    : address_(std::move(address)),
      timing_(timing),
      events_(std::move(events)),
      retry_(timing.first_retry),
      random_(KeyedHash::random_secret()[0]) {}

RedisConnection::~RedisConnection() = default;

int RedisConnection::descriptor() const {
  return context_ == nullptr ? -1 : context_->fd;
}

bool RedisConnection::wants_to_write() const {
  return state_ == State::kConnecting || has_more_;
}

void RedisConnection::send(const RedisCommand& command) {
  append(command);
  if (!std::exchange(is_waiting_, true)) deadline_ = now_ + timing_.answer;
}

void RedisConnection::turn(Clock::time_point now) {
  now_ = now;
  if (state_ == State::kWaiting) {
    if (now < deadline_) return;
    connect();
  }
  if (state_ == State::kConnecting) look_whether_connected();
  if (state_ == State::kGreeting || state_ == State::kReady) write();
  if (state_ == State::kGreeting || state_ == State::kReady) read();
  if (context_ != nullptr && now >= deadline_)
    lose(state_ == State::kReady ? "no answer" : "no answer to the greeting");
}

void RedisConnection::lose(const std::string& reason) {
  context_.reset();
  if (state_ == State::kReady && now_ - ready_since_ >= timing_.last_retry)
    retry_ = timing_.first_retry;
  state_ = State::kWaiting;
  deadline_ = now_ + with_jitter(retry_, random_);
  retry_ = std::min(retry_ * 2, timing_.last_retry);
  has_more_ = is_waiting_ = false;
  reply_bytes_ = greetings_ = 0;
  events_.on_lost(reason);
}

void RedisConnection::connect() {
  context_.reset(redisConnectNonBlock(address_.host.c_str(), address_.port));
  if (context_ == nullptr) return lose("no memory for a connection");
  if (context_->err != 0) return lose(reason());
  context_->reader->fn = careful_functions(context_->reader->fn);
  state_ = State::kConnecting;
  deadline_ = now_ + timing_.greeting;
}

void RedisConnection::look_whether_connected() {
  pollfd ready{context_->fd, POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return;
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(context_->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) return lose(std::strerror(error));
  greet();
}

void RedisConnection::greet() {
  state_ = State::kGreeting;
  const auto say = [this](const RedisCommand& command) {
    append(command);
    ++greetings_;
  };
  if (!address_.user.empty()) {
    say({"AUTH", address_.user, address_.password});
  } else if (!address_.password.empty()) {
    say({"AUTH", address_.password});
  }
  if (address_.database != 0) say({"SELECT", std::to_string(address_.database)});
  say({"PING"});
}

void RedisConnection::append(const RedisCommand& command) {
  std::vector<const char*> words;
  std::vector<size_t> sizes;
  for (const std::string& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  // Out of memory, the only error, shows at the next write.
  (void)redisAppendCommandArgv(context_.get(), static_cast<int>(words.size()), words.data(),
                               sizes.data());
  has_more_ = true;
}

void RedisConnection::write() {
  if (!has_more_) return;
  int is_done = 0;
  if (context_->err != 0 || redisBufferWrite(context_.get(), &is_done) != REDIS_OK)
    return lose(reason());
  has_more_ = is_done == 0;
}

void RedisConnection::read() {
  constexpr int kReadsAtOnce = 64;  // of 16 KiB; then others have their turn
  for (int i = 0; i < kReadsAtOnce; ++i) {
    const size_t before = context_->reader->len;
    if (redisBufferRead(context_.get()) != REDIS_OK) return lose(reason());
    const size_t bytes = context_->reader->len - before;
    if (bytes == 0) return;
    is_waiting_ = false;
    if (state_ == State::kReady) deadline_ = kNever;
    reply_bytes_ += bytes;
    take_replies();
    if (context_ == nullptr) return;
    if (reply_bytes_ > kMaxReplyBytes) return lose("a reply is larger than 64 MiB");
  }
}

void RedisConnection::take_replies() {
  while (context_ != nullptr) {
    void* reply = nullptr;
    if (redisGetReplyFromReader(context_.get(), &reply) != REDIS_OK) return lose(reason());
    if (reply == nullptr) return;
    reply_bytes_ = 0;
    take_reply(reply);
  }
}

void RedisConnection::take_reply(void* reply) {
  RedisReply taken = to_reply(*static_cast<const redisReply*>(reply));
  freeReplyObject(reply);
  if (state_ == State::kReady) return events_.on_reply(std::move(taken));
  be_greeted(taken);
}

void RedisConnection::be_greeted(const RedisReply& reply) {
  if (reply.kind == RedisReply::Kind::kError) return lose(reply.text);
  if (greetings_ == 0) return lose("it speaks before it is asked");
  if (--greetings_ > 0) return;
  state_ = State::kReady;
  ready_since_ = now_;
  deadline_ = kNever;
  events_.on_ready();
}

std::string RedisConnection::reason() const {
  switch (context_->err) {
    case REDIS_ERR_EOF:
      return "it closed the connection";
    case REDIS_ERR_OOM:
      return "a reply has too many elements";
    case REDIS_ERR_PROTOCOL:
      return "what it says is no Redis protocol";
    default:
      return context_->errstr;
  }
}

}  // namespace weir
