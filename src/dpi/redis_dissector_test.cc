// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/redis_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;

std::string command(std::initializer_list<std::string> words) {
  std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words)
    bytes += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  return bytes;
}

Conversation redis() {
  return Conversation(RedisDissector::create);
}

TEST(RedisDissector, FollowsAConnectionWhereverItIsSplit) {
  auto talk = redis();
  talk.client(command({"AUTH", "app", "secret"}))                  // 1
      .server("+OK\r\n")                                           // 2
      .client(command({"HELLO", "3"}))                             // 3
      .server("%2\r\n+server\r\n+redis\r\n+modules\r\n*0\r\n")     // 4
      .client(command({"set", "user:17", std::string(200, 'x')}))  // 5
      .server("+OK\r\n")                                           // 6
      // Pipelined, and something told in between.
      .client(command({"GET", "user:18"}) + command({"LRANGE", "jobs", "0", "9"}) +
              command({"incr", "name"}))  // 7
      .server(
          "$5\r\nab\r\nc\r\n>2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n"
          "*3\r\n$1\r\na\r\n*2\r\n:1\r\n$-1\r\n")       // 8
      .server("+end\r\n-WRONGTYPE Operation\r\n")       // 9
      .client("PING\r\n")                               // 10
      .server("|1\r\n+ttl\r\n:3\r\n+PONG\r\n")          // 11
      .client(command({"CONFIG", "GET", "maxmemory"}))  // 12
      .server("_\r\n")                                  // 13
      .client(command({"SELECT", "3"}))                 // 14
      .server("+OK\r\n");                               // 15
  const Seen expected{
      {"Redis", "AUTH", 1, 2, 2, false},        {"Redis", "HELLO", 3, 4, 4, false},
      {"Redis", "SET user:?", 5, 6, 6, false},  {"Redis", "GET user:?", 7, 8, 8, false},
      {"Redis", "LRANGE jobs", 7, 8, 9, false}, {"Redis", "INCR name", 7, 9, 9, true},
      {"Redis", "PING", 10, 11, 11, false},     {"Redis", "CONFIG GET", 12, 13, 13, false},
      {"Redis", "SELECT", 14, 15, 15, false}};
  for (size_t part = 1; part < 100; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "Redis") << part;
    EXPECT_EQ(talk.first(MetadataField::kDatabaseUser), "app") << part;
    EXPECT_EQ(talk.first(MetadataField::kDatabaseName), "3") << part;
    EXPECT_EQ(talk.transactions.seen, expected) << part;
  }
}

TEST(RedisDissector, EndsWhereRepliesStopToFollowCommands) {
  for (const auto& words : {command({"SUBSCRIBE", "news"}), command({"MONITOR"}),
                            command({"PSYNC", "?", "-1"}), command({"CLIENT", "REPLY", "OFF"})}) {
    auto talk = redis();
    talk.client(words);
    talk.hear();
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.protocol, "Redis");
  }
}

TEST(RedisDissector, GoesOnAtTheNextCommandWhenBytesAreMissing) {
  auto talk = redis();
  talk.client(command({"GET", "a"}))
      .server_after_gap("xyz")
      .client(command({"GET", "b"}))
      .server("$1\r\nb\r\n")
      .client_after_gap("the end")
      .client(command({"GET", "c"}))
      .server("+OK\r\n");
  talk.hear();
  EXPECT_EQ(talk.transactions.seen,
            (Seen{{"Redis", "GET b", 3, 4, 4, false}, {"Redis", "GET c", 6, 7, 7, false}}));
}

TEST(RedisDissector, BoundsNestingAndWhatWaits) {
  auto deep = redis();
  std::string lists;
  for (size_t i = 0; i <= RespReader::kMaxDepth; ++i) lists += "*1\r\n";
  deep.client(command({"GET", "a"})).server(lists + ":1\r\n");
  deep.client(command({"GET", "b"})).server(":1\r\n");
  deep.hear();
  EXPECT_EQ(deep.transactions.seen, (Seen{{"Redis", "GET b", 3, 4, 4, false}}));
  auto many = redis();
  std::string commands;
  std::string replies;
  for (size_t i = 0; i < 3 * ExchangeQueue::kMaxWaiting; ++i) {
    commands += command({"GET", "a"});
    replies += ":1\r\n";
  }
  many.client(commands).server(replies).client(command({"GET", "b"})).server(":1\r\n");
  many.hear();
  ASSERT_EQ(many.transactions.seen.size(), ExchangeQueue::kMaxWaiting + 1);
  EXPECT_EQ(many.transactions.seen.back(), (SeenTransaction{"Redis", "GET b", 3, 4, 4, false}));
}

TEST(RedisDissector, TellsOfACommandThatWasNotAnswered) {
  auto talk = redis();
  talk.client(command({"PING"})).server("+PONG\r\n").client(command({"BLPOP", "jobs", "0"}));
  talk.ends = true;
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"Redis", "PING", 1, 2, 2, false},
                                          {"Redis", "BLPOP jobs", 3, 3, 3, false, false}}));
}

TEST(RedisDissector, BeginsWithAListOfStrings) {
  const auto begins = [](const std::string& bytes, uint16_t port) {
    auto talk = redis();
    talk.ports(40000, port).client(bytes);
    return RedisDissector::may_begin(talk.payload(0));
  };
  EXPECT_TRUE(begins(command({"PING"}), 1));
  EXPECT_TRUE(begins("*1\r\n$4", 1));
  EXPECT_TRUE(begins("PING\r\n", 6379));
  EXPECT_FALSE(begins("PING\r\n", 1));
  EXPECT_FALSE(begins("*0\r\n", 6379));
  EXPECT_FALSE(begins("* OK IMAP ready\r\n", 6379));
  EXPECT_FALSE(begins("GET / HTTP/1.1", 6379));
}

TEST(RedisTransactionKey, ShowsNoSecrets) {
  EXPECT_EQ(redis_transaction_key({"AUTH", "secret"}), "AUTH");
  EXPECT_EQ(redis_transaction_key({"eval", "return 1", "0"}), "EVAL");
  EXPECT_EQ(redis_transaction_key({"ACL", "SETUSER", "bob"}), "ACL SETUSER");
  EXPECT_EQ(redis_transaction_key({"CONFIG", "not a word"}), "CONFIG");
  EXPECT_EQ(redis_transaction_key({"JSON.GET", "doc:1"}), "JSON.GET doc:?");
}

}  // namespace
}  // namespace weir
