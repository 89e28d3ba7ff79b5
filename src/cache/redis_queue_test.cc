// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_queue.h"

#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

RedisReply text(std::string value) {
  RedisReply reply;
  reply.kind = RedisReply::Kind::kText;
  reply.text = std::move(value);
  return reply;
}

class RedisQueueTest : public ::testing::Test {
 protected:
  static uint64_t figure(const RedisQueue& queue, std::string_view name) {
    Value out;
    queue.add_statistics(out);
    return *out[name].as<uint64_t>();
  }
  static std::string state(const RedisQueue& queue) {
    Value out;
    queue.add_statistics(out);
    return *out["state"].as<std::string>();
  }
  // Somebody who asks while `meanwhile` runs.
  static std::optional<RedisReply> asked(RedisQueue& queue, const std::function<void()>& meanwhile,
                                         bool takes_out = false) {
    std::optional<RedisReply> reply;
    std::jthread asker([&] { reply = queue.ask({"RPOP", "list"}, takes_out); });
    while (figure(queue, "queued") == 0) std::this_thread::yield();
    meanwhile();
    asker.join();
    return reply;
  }
  std::optional<RedisCommand> answered(RedisQueue& queue, RedisReply reply) {
    auto command = queue.next();
    EXPECT_EQ(queue.answer(reply), RedisAddressee::kCommand);
    return command;
  }

  int woken_ = 0;
  RedisQueue queue_{
      {.commands = 4, .bytes = 10'000, .unanswered = 2, .read = std::chrono::hours(1)},
      [this] { ++woken_; }};
};

TEST_F(RedisQueueTest, GivesWhatWasWrittenInOrder) {
  queue_.open();
  queue_.write({{"a"}, {"b"}});
  queue_.write({{"c"}});
  EXPECT_EQ(woken_, 1) << "once until it is empty";
  EXPECT_THAT(queue_.next(), Optional(RedisCommand{"a"}));
  EXPECT_THAT(queue_.next(), Optional(RedisCommand{"b"}));
  EXPECT_EQ(queue_.next(), std::nullopt) << "two are unanswered";
  RedisReply reply = text("OK");
  EXPECT_EQ(queue_.answer(reply), RedisAddressee::kCommand);
  EXPECT_THAT(queue_.next(), Optional(RedisCommand{"c"}));
  EXPECT_FALSE(queue_.is_empty());
  EXPECT_EQ(queue_.answer(reply), RedisAddressee::kCommand);
  EXPECT_EQ(queue_.answer(reply), RedisAddressee::kCommand);
  EXPECT_EQ(queue_.answer(reply), RedisAddressee::kNobody);
  EXPECT_TRUE(queue_.is_empty());
  queue_.write({{"d"}});
  EXPECT_EQ(woken_, 2);
}

TEST_F(RedisQueueTest, DropsTheOldestWhenItIsFull) {
  for (const char* name : {"a", "b", "c", "d", "e"}) queue_.write({{name}});
  EXPECT_EQ(figure(queue_, "dropped"), 1U);
  EXPECT_THAT(queue_.next(), Optional(RedisCommand{"b"}));
  queue_.write({{"large", std::string(9'900, 'x')}});
  EXPECT_EQ(figure(queue_, "queued"), 1U) << "the others gave way to its bytes";
  EXPECT_EQ(figure(queue_, "dropped"), 4U);
  queue_.write({{"too large", std::string(10'000, 'x')}});
  EXPECT_EQ(figure(queue_, "queued"), 0U);
  EXPECT_EQ(figure(queue_, "queued_bytes"), 0U);
}

TEST_F(RedisQueueTest, SendsOnlySoManyBytesBeforeAnAnswer) {
  queue_.open();
  queue_.write({{std::string(9'000, 'x')}});
  ASSERT_TRUE(queue_.next());
  queue_.write({{std::string(9'000, 'y')}});
  ASSERT_TRUE(queue_.next()) << "fewer than the limit were unanswered";
  queue_.write({{"z"}});
  EXPECT_FALSE(queue_.next());
}

TEST_F(RedisQueueTest, AnswersWhoAsks) {
  queue_.open();
  const auto reply = asked(
      queue_, [&] { EXPECT_THAT(*answered(queue_, text("value")), ElementsAre("RPOP", "list")); });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->text, "value");
}

TEST_F(RedisQueueTest, LetsNobodyWaitForARedisThatIsAway) {
  EXPECT_EQ(state(queue_), "down");
  EXPECT_FALSE(queue_.ask({"GET", "x"}));
  EXPECT_EQ(figure(queue_, "failed"), 1U);
  EXPECT_EQ(figure(queue_, "queued"), 0U);
  queue_.open();
  EXPECT_EQ(state(queue_), "connected");
  EXPECT_FALSE(asked(queue_, [&] { queue_.close("it went away"); })) << "before it was sent";
  EXPECT_EQ(queue_.next(), std::nullopt) << "nobody wants to know any more";
  queue_.open();
  EXPECT_FALSE(asked(queue_, [&] {
    ASSERT_TRUE(queue_.next());
    queue_.close("it went away");
  })) << "after it was sent";
  EXPECT_EQ(state(queue_), "down");
}

TEST_F(RedisQueueTest, KeepsWritesWhileTheRedisIsAway) {
  queue_.open();
  queue_.write({{"a"}, {"b"}});
  ASSERT_TRUE(queue_.next());
  queue_.close("it went away");
  EXPECT_EQ(figure(queue_, "dropped"), 1U) << "whether it was done is not known";
  queue_.open();
  EXPECT_THAT(queue_.next(), Optional(RedisCommand{"b"}));
}

TEST_F(RedisQueueTest, IsSlowFromAnAnswerThatDoesNotComeToTheNextThatDoes) {
  RedisQueue queue({.read = std::chrono::milliseconds(0)}, [] {});
  queue.open();
  EXPECT_FALSE(queue.ask({"GET", "x"}));
  EXPECT_EQ(state(queue), "slow");
  EXPECT_EQ(figure(queue, "timeouts"), 1U);
  EXPECT_FALSE(queue.ask({"GET", "x"}));
  EXPECT_EQ(figure(queue, "timeouts"), 1U) << "nobody waits then";
  queue.sent_heartbeat();
  RedisReply pong = text("PONG");
  EXPECT_EQ(queue.answer(pong), RedisAddressee::kHeartbeat);
  EXPECT_EQ(pong.text, "PONG");
  EXPECT_EQ(state(queue), "connected");
}

TEST_F(RedisQueueTest, GivesBackWhatWasTakenForNobody) {
  RedisQueue queue({.read = std::chrono::milliseconds(200)}, [] {});
  queue.open();
  EXPECT_FALSE(asked(
      queue, [&] { ASSERT_TRUE(queue.next()); }, true))
      << "in vain";
  RedisReply reply = text("element");
  EXPECT_EQ(queue.answer(reply), RedisAddressee::kCommand);
  EXPECT_THAT(*queue.next(), ElementsAre("RPUSH", "list", "element"));
}

TEST_F(RedisQueueTest, CountsErrors) {
  queue_.open();
  queue_.write({{"SET", "a", "b"}});
  RedisReply error;
  error.kind = RedisReply::Kind::kError;
  error.text = "OOM";
  answered(queue_, error);
  EXPECT_EQ(figure(queue_, "failed"), 1U);
  Value out;
  queue_.add_statistics(out);
  EXPECT_EQ(*out["error"].as<std::string>(), "OOM");
}

}  // namespace
}  // namespace weir
