// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_queue.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

RedisItem item_of(RedisCommand command) {
  constexpr size_t kOverhead = 64;  // of an item, roughly
  RedisItem item;
  item.bytes = kOverhead;
  for (const std::string& word : command) item.bytes += word.size();
  item.command = std::move(command);
  return item;
}

}  // namespace

RedisQueue::RedisQueue(RedisLimits limits, std::function<void()> wake)
    : limits_(limits), wake_(std::move(wake)) {}

void RedisQueue::write(std::vector<RedisCommand> commands) {
  const std::lock_guard lock(mutex_);
  for (RedisCommand& command : commands) put(item_of(std::move(command)));
}

void RedisQueue::write_now(RedisCommand command) {
  const std::lock_guard lock(mutex_);
  if (is_open_) return put(item_of(std::move(command)));
  ++dropped_;
}

std::optional<RedisReply> RedisQueue::ask(RedisCommand command, bool takes_out) {
  std::unique_lock lock(mutex_);
  if (!is_open_ || is_slow_) {
    ++failed_;
    return std::nullopt;
  }
  const auto question = std::make_shared<RedisQuestion>();
  RedisItem item = item_of(std::move(command));
  item.question = question;
  item.takes_out = takes_out;
  put(std::move(item));
  const auto is_over = [&] { return question->state != RedisQuestion::State::kAsked; };
  if (!answered_.wait_for(lock, limits_.read, is_over)) {
    question->state = RedisQuestion::State::kGivenUp;
    ++timeouts_;
    is_slow_ = true;
    return std::nullopt;
  }
  if (question->state == RedisQuestion::State::kGivenUp) return std::nullopt;
  return std::move(question->reply);
}

std::optional<RedisCommand> RedisQueue::next() {
  const std::lock_guard lock(mutex_);
  while (!waiting_.empty() && sent_.size() < limits_.unanswered && sent_bytes_ < limits_.bytes) {
    RedisItem item = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= item.bytes;
    // Nobody wants to know any more.
    if (item.question && item.question->state == RedisQuestion::State::kGivenUp) continue;
    RedisCommand command = std::move(item.command);
    item.command.clear();
    // The list that it is taken from, should it have to be given back.
    if (item.takes_out) item.command.push_back(command.back());
    sent_bytes_ += item.bytes;
    sent_.push_back(std::move(item));
    return command;
  }
  is_awake_ = false;
  return std::nullopt;
}

void RedisQueue::sent_heartbeat() {
  const std::lock_guard lock(mutex_);
  RedisItem item;
  item.is_heartbeat = true;
  sent_.push_back(std::move(item));
}

RedisAddressee RedisQueue::answer(RedisReply& reply) {
  const std::lock_guard lock(mutex_);
  if (sent_.empty()) return RedisAddressee::kNobody;
  const RedisItem item = std::move(sent_.front());
  sent_.pop_front();
  sent_bytes_ -= item.bytes;
  is_slow_ = false;
  if (item.is_heartbeat) return RedisAddressee::kHeartbeat;
  finish(item, std::move(reply));
  return RedisAddressee::kCommand;
}

void RedisQueue::open() {
  const std::lock_guard lock(mutex_);
  is_open_ = true;
  is_slow_ = false;
  error_.clear();
}

void RedisQueue::close(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  is_open_ = false;
  error_ = reason;
  for (const RedisItem& item : sent_) {
    give_up(item);
    if (!item.is_heartbeat) ++(item.question ? failed_ : dropped_);
  }
  sent_.clear();
  sent_bytes_ = 0;
  // Writes go on waiting; who asks does not.
  for (const RedisItem& item : waiting_) give_up(item);
}

bool RedisQueue::is_empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() && sent_.empty();
}

void RedisQueue::add_statistics(Value& out) const {
  const std::lock_guard lock(mutex_);
  out.set("state", !is_open_ ? "down" : is_slow_ ? "slow" : "connected");
  out.set("queued", uint64_t{waiting_.size()});
  out.set("queued_bytes", uint64_t{waiting_bytes_});
  out.set("unanswered", uint64_t{sent_.size()});
  out.set("dropped", dropped_);
  out.set("failed", failed_);
  out.set("timeouts", timeouts_);
  if (!error_.empty()) out.set("error", error_);
}

// From here on the mutex is held.

void RedisQueue::put(RedisItem item) {
  waiting_bytes_ += item.bytes;
  waiting_.push_back(std::move(item));
  while (waiting_.size() > limits_.commands || waiting_bytes_ > limits_.bytes) drop_oldest();
  if (!std::exchange(is_awake_, true)) wake_();
}

void RedisQueue::drop_oldest() {
  give_up(waiting_.front());
  waiting_bytes_ -= waiting_.front().bytes;
  waiting_.pop_front();
  ++dropped_;
}

void RedisQueue::give_up(const RedisItem& item) {
  if (!item.question) return;
  item.question->state = RedisQuestion::State::kGivenUp;
  answered_.notify_all();
}

void RedisQueue::finish(const RedisItem& item, RedisReply reply) {
  if (reply.kind == RedisReply::Kind::kError) {
    ++failed_;
    error_ = reply.text;
  }
  if (!item.question) return;
  if (item.question->state == RedisQuestion::State::kGivenUp) return give_back(item, reply);
  item.question->state = RedisQuestion::State::kAnswered;
  item.question->reply = std::move(reply);
  answered_.notify_all();
}

// What was taken out of a list for somebody who has gone stays in it, as its oldest element.
void RedisQueue::give_back(const RedisItem& item, const RedisReply& reply) {
  if (!item.takes_out || reply.kind != RedisReply::Kind::kText) return;
  put(item_of({"RPUSH", item.command.front(), reply.text}));
}

}  // namespace weir
