// SPDX-License-Identifier: GPL-3.0-or-later
// A Redis that goes away, falls silent, is emptied, lets nobody in or talks nonsense. What it does
// when all is well: cache_contract_test.cc.
#include "cache/redis_cache.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "cache/sqlite_cache.h"
#include "cache/test_redis_server.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::comes_true;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;

RedisCacheOptions quick(const RedisAddress& address) {
  RedisCacheOptions options;
  options.address = address;
  options.timing = {.first_retry = milliseconds(5),
                    .last_retry = milliseconds(20),
                    .greeting = milliseconds(500),
                    .answer = milliseconds(500),
                    .heartbeat = milliseconds(10)};
  options.limits.read = seconds(20);
  return options;
}

uint64_t figure(Cache& cache, std::string_view name) {
  return *cache.statistics()[name].as<uint64_t>();
}
std::string text(Cache& cache, std::string_view name) {
  const Value value = cache.statistics()[name];
  const auto* found = value.as<std::string>();
  return found == nullptr ? "" : *found;
}
bool comes_to_be(Cache& cache, const std::string& state) {
  return comes_true([&] { return text(cache, "state") == state; });
}

class RedisCacheTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!test::RedisServer::is_installed()) GTEST_SKIP() << "redis-server is not installed";
  }

  test::RedisServer server_;
};

TEST_F(RedisCacheTest, WaitsForARedisThatIsNotThere) {
  RedisCache cache(quick(server_.address()));
  EXPECT_TRUE(comes_true([&] { return text(cache, "error") == "Connection refused"; }));
  EXPECT_EQ(text(cache, "state"), "down");
  cache.set("key", "written meanwhile", Cache::kForever);
  EXPECT_EQ(cache.get("key"), std::nullopt);
  EXPECT_FALSE(cache.set_preference("theme", "dark").ok());
  server_.start();
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  EXPECT_THAT(cache.get("key"), Optional(std::string("written meanwhile")));
  EXPECT_EQ(text(cache, "error"), "");
  EXPECT_EQ(text(cache, "address"), server_.address().to_string());
}

TEST_F(RedisCacheTest, ComesBackAfterTheRedisWasKilled) {
  server_.start();
  RedisCache cache(quick(server_.address()));
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  cache.set("key", "value", Cache::kForever);
  ASSERT_TRUE(cache.get("key"));
  // The first heartbeat is answered: what follows is a reconnection.
  ASSERT_TRUE(comes_true([&] { return server_.ask("EXISTS weir:marker") == ":1\r\n"; }));
  server_.kill();
  ASSERT_TRUE(comes_to_be(cache, "down"));
  EXPECT_THAT(text(cache, "error"), Not(IsEmpty()));
  EXPECT_EQ(cache.get("key"), std::nullopt);
  server_.start();
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  EXPECT_TRUE(comes_true([&] { return figure(cache, "emptied") == 1; })) << "it had no disk";
  EXPECT_EQ(figure(cache, "reconnects"), 1U);
  cache.set("key", "again", Cache::kForever);
  EXPECT_THAT(cache.get("key"), Optional(std::string("again")));
}

TEST_F(RedisCacheTest, WaitsAShortTimeForARedisThatFallsSilent) {
  server_.start();
  RedisCacheOptions options = quick(server_.address());
  options.limits.read = milliseconds(50);
  options.timing.answer = seconds(600);  // no reason to connect again
  RedisCache cache(options);
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  cache.push("list", "element", 10);
  ASSERT_TRUE(comes_true([&] { return !cache.newest("list", 1).empty(); }));
  const uint64_t before = figure(cache, "timeouts");
  server_.freeze();
  EXPECT_EQ(cache.take_oldest("list"), std::nullopt);
  EXPECT_EQ(figure(cache, "timeouts"), before + 1);
  EXPECT_EQ(text(cache, "state"), "slow");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(cache.get("key"), std::nullopt);
  EXPECT_EQ(figure(cache, "timeouts"), before + 1) << "only the first one waited";
  cache.set("key", "value", Cache::kForever);
  server_.thaw();
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  EXPECT_TRUE(comes_true([&] { return cache.get("key") == "value"; }));
  EXPECT_TRUE(comes_true([&] { return cache.take_oldest("list") == "element"; }))
      << "who wanted it had gone";
}

TEST_F(RedisCacheTest, LeavesARedisThatIsSilentForTooLong) {
  server_.start();
  RedisCache cache(quick(server_.address()));
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  server_.freeze();
  ASSERT_TRUE(comes_to_be(cache, "down"));
  EXPECT_THAT(text(cache, "error"), AnyOf("no answer", "no answer to the greeting"));
  server_.thaw();
  EXPECT_TRUE(comes_to_be(cache, "connected"));
}

TEST_F(RedisCacheTest, SaysThatTheRedisWasEmptied) {
  server_.start();
  const auto keeper = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  RedisCacheOptions options = quick(server_.address());
  options.preferences = keeper.get();
  RedisCache cache(options);
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  ASSERT_TRUE(cache.set_preference("theme", "dark").ok());
  cache.set("key", "value", Cache::kForever);
  ASSERT_TRUE(cache.get("key"));
  ASSERT_TRUE(comes_true([&] { return server_.ask("EXISTS weir:marker") == ":1\r\n"; }));
  EXPECT_EQ(figure(cache, "emptied"), 0U);
  ASSERT_EQ(server_.ask("FLUSHALL"), "+OK\r\n");
  EXPECT_TRUE(comes_true([&] { return figure(cache, "emptied") == 1; }));
  EXPECT_EQ(cache.get("key"), std::nullopt);
  EXPECT_THAT(cache.preference("theme"), Optional(std::string("dark")));
  cache.set("key", "again", Cache::kForever);
  EXPECT_THAT(cache.get("key"), Optional(std::string("again")));
}

TEST_F(RedisCacheTest, KeepsPreferencesWithoutTheRedis) {
  const auto keeper = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  RedisCacheOptions options = quick(server_.address());
  options.preferences = keeper.get();
  RedisCache cache(options);
  EXPECT_TRUE(cache.set_preference("theme", "dark").ok());
  EXPECT_THAT(cache.preference("theme"), Optional(std::string("dark")));
  server_.start();
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  EXPECT_TRUE(
      comes_true([&] { return server_.ask("GET weir:preference:theme") == "$4\r\ndark\r\n"; }));
}

TEST_F(RedisCacheTest, UsesItsUserDatabaseAndPrefix) {
  server_.start({"--requirepass", "sesame", "--user", "weir", "on", ">open", "~office:*", "+@all"});
  RedisAddress address = server_.address();
  address.user = "weir";
  address.password = "open";
  address.database = 3;
  address.prefix = "office";
  RedisCache cache(quick(address));
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  cache.set("key", "value", Cache::kForever);
  EXPECT_THAT(cache.get("key"), Optional(std::string("value")));
  EXPECT_EQ(server_.ask("AUTH sesame\r\nSELECT 3\r\nGET office:value:key").substr(0, 5), "+OK\r\n");
  address = server_.address();
  address.password = "sesame";
  RedisCache other(quick(address));
  ASSERT_TRUE(comes_to_be(other, "connected"));
  EXPECT_EQ(other.get("key"), std::nullopt) << "another database and prefix";
}

TEST_F(RedisCacheTest, SaysThatThePasswordIsWrong) {
  server_.start({"--requirepass", "sesame"});
  RedisAddress address = server_.address();
  address.password = "wrong!secret";
  RedisCache cache(quick(address));
  EXPECT_TRUE(comes_true([&] { return text(cache, "error").starts_with("WRONGPASS"); }));
  EXPECT_EQ(text(cache, "state"), "down");
  EXPECT_THAT(to_json(cache.statistics()), Not(HasSubstr("secret")));
  RedisCache without(quick(server_.address()));
  EXPECT_TRUE(comes_true([&] { return text(without, "error").starts_with("NOAUTH"); }));
}

TEST_F(RedisCacheTest, CountsWhatTheRedisRefuses) {
  server_.start({"--maxmemory", "1"});
  RedisCache cache(quick(server_.address()));
  ASSERT_TRUE(comes_to_be(cache, "connected"));
  cache.set("key", "value", Cache::kForever);
  EXPECT_EQ(cache.get("key"), std::nullopt);
  EXPECT_GE(figure(cache, "failed"), 1U);
  EXPECT_THAT(text(cache, "error"), HasSubstr("OOM"));
  const auto kept = cache.set_preference("theme", "dark");
  ASSERT_FALSE(kept.ok());
  EXPECT_THAT(kept.error().message, HasSubstr("OOM"));
}

TEST_F(RedisCacheTest, WritesWhatIsLeftWhenItEnds) {
  server_.start();
  {
    RedisCache cache(quick(server_.address()));
    for (int i = 0; i < 1000; ++i) cache.set("key", std::to_string(i), Cache::kForever);
  }
  EXPECT_EQ(server_.ask("GET weir:value:key"), "$3\r\n999\r\n");
}

bool hears_others(Cache& cache) {
  return *cache.statistics()["channels"]["hears_others"].as<bool>();
}

TEST_F(RedisCacheTest, TellsOtherInstancesOnce) {
  server_.start();
  RedisAddress address = server_.address();
  RedisCache one(quick(address));
  address.prefix = "other";
  RedisCache two(quick(address));
  const auto at_one = one.subscribe("events", {});
  const auto at_two = two.subscribe("events", {});
  EXPECT_TRUE(comes_true([&] { return hears_others(one) && hears_others(two); }));
  ASSERT_TRUE(comes_to_be(one, "connected"));
  one.publish("events", "from one");
  EXPECT_TRUE(comes_true([&] { return !at_two->messages(0, 10).empty(); }));
  ASSERT_TRUE(comes_to_be(two, "connected"));
  two.publish("events", "from two");
  EXPECT_TRUE(comes_true([&] { return at_one->messages(0, 10).size() == 2; }));
  EXPECT_THAT(at_one->messages(0, 10),
              ElementsAre(CacheMessage{1, "from one"}, CacheMessage{2, "from two"}));
  EXPECT_THAT(at_two->messages(0, 10),
              ElementsAre(CacheMessage{1, "from one"}, CacheMessage{2, "from two"}));
}

TEST_F(RedisCacheTest, HearsOthersAgainAfterTheRedisWasAway) {
  server_.start();
  RedisCache one(quick(server_.address()));
  RedisCache two(quick(server_.address()));
  const auto at_one = one.subscribe("events", {});
  const auto at_two = two.subscribe("events", {});
  ASSERT_TRUE(comes_true([&] { return hears_others(two); }));
  server_.kill();
  ASSERT_TRUE(comes_true([&] { return !hears_others(two); }));
  ASSERT_TRUE(comes_to_be(one, "down"));
  one.publish("events", "meanwhile");
  EXPECT_THAT(at_one->messages(0, 10), ElementsAre(CacheMessage{1, "meanwhile"}))
      << "who is here hears it all the same";
  server_.start();
  ASSERT_TRUE(comes_true([&] { return hears_others(two); }));
  ASSERT_TRUE(comes_to_be(one, "connected"));
  one.publish("events", "again");
  EXPECT_TRUE(comes_true([&] { return !at_two->messages(0, 10).empty(); }));
  EXPECT_THAT(at_two->messages(0, 10), ElementsAre(CacheMessage{1, "again"}));
}

TEST_F(RedisCacheTest, HearsOnlyMessagesOfInstances) {
  server_.start();
  RedisCache cache(quick(server_.address()));
  const auto mailbox = cache.subscribe("events", {});
  ASSERT_TRUE(comes_true([&] { return hears_others(cache); }));
  for (const char* line :
       {"PUBLISH events no", "PUBLISH weir/ no", "PUBLISH weir/a no", "PUBLISH weir/a/event no",
        "PUBLISH weirs/a/events no", "PUBLISH weir/a/events yes"})
    (void)server_.ask(line);
  EXPECT_TRUE(comes_true([&] { return !mailbox->messages(0, 10).empty(); }));
  EXPECT_THAT(mailbox->messages(0, 10), ElementsAre(CacheMessage{1, "yes"}));
}

// Greets like a Redis and then answers everything with the same bytes.
class HostileServer {
 public:
  explicit HostileServer(std::string answer) : answer_(std::move(answer)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }

  [[nodiscard]] RedisAddress address() const {
    RedisAddress address;
    address.host = "127.0.0.1";
    address.port = socket_.port();
    return address;
  }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd ready{socket_.descriptor(), POLLIN, 0};
      if (poll(&ready, 1, 10) <= 0) continue;
      const int client = accept(socket_.descriptor(), nullptr, nullptr);
      ++connections_;
      talk(client, stop);
      close(client);
    }
  }
  // A client that is gone ends it.
  void talk(int client, const std::stop_token& stop) const {
    char buffer[4096];
    std::string_view next = "+PONG\r\n";
    while (!stop.stop_requested()) {
      pollfd ready{client, POLLIN, 0};
      if (poll(&ready, 1, 10) <= 0) continue;
      if (recv(client, buffer, sizeof(buffer), 0) <= 0) return;
      if (send(client, next.data(), next.size(), MSG_NOSIGNAL) < 0) return;
      next = answer_;
    }
  }

  const std::string answer_;
  const test::ListeningSocket socket_;
  std::atomic<int> connections_{0};
  std::jthread thread_;
};

std::string repeated(const std::string& text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(RedisCacheWithAHostileServer, LeavesItAndTriesAgain) {
  struct Case {
    std::string answer;
    std::string reason;
  };
  for (const Case& each : {
           Case{"hello", "no Redis protocol"},
           {std::string("\0\0\0\0", 4), "no Redis protocol"},
           {"*2147483647\r\n", "too many elements"},
           {"*10001\r\n", "too many elements"},
           {"*-2\r\n", "no Redis protocol"},
           {"$-2\r\n", "no Redis protocol"},
           {"$99999999999999999999\r\nx", "no Redis protocol"},
           {repeated("*1\r\n", 100), "too many elements"},
           {"*2\r\n$1\r\na\r\n*1\r\n$1\r\nb\r\n", "too many elements"},
           {":1\r\n:1\r\n:1\r\n:1\r\n", "before it is asked"},
           {"", "no answer"},
           {"$5\r\nabc", "too slowly"},
       }) {
    const HostileServer server(each.answer);
    RedisCacheOptions options = quick(server.address());
    options.timing.first_retry = options.timing.last_retry = milliseconds(200);  // to see why
    RedisCache cache(options);
    EXPECT_TRUE(comes_true([&] {
      return text(cache, "error").find(each.reason) != std::string::npos;
    })) << each.reason
        << " but: " << text(cache, "error");
    EXPECT_TRUE(comes_true([&] { return server.connections() > 1; })) << each.reason;
  }
}

TEST(RedisCacheWithAHostileServer, ReadsNoReplyWithoutEnd) {
  const HostileServer server("$2000000000\r\n" +
                             std::string(RedisConnection::kMaxReplyBytes + 100'000, 'x'));
  RedisCacheOptions options = quick(server.address());
  options.timing.first_retry = options.timing.last_retry = seconds(60);  // to see why
  options.timing.answer = seconds(60);
  RedisCache cache(options);
  EXPECT_TRUE(comes_true([&] { return text(cache, "error") == "a reply is larger than 64 MiB"; }));
}

TEST(RedisCacheWithAHostileServer, TakesAnswersOfAnotherKindForNone) {
  for (const char* answer : {":1\r\n", "*1\r\n$1\r\na\r\n", "$-1\r\n", "*-1\r\n"}) {
    const HostileServer server(answer);
    RedisCacheOptions options = quick(server.address());
    options.timing.heartbeat = std::chrono::hours(1);
    options.limits.read = seconds(1);
    RedisCache cache(options);
    ASSERT_TRUE(comes_to_be(cache, "connected"));
    EXPECT_EQ(cache.get("key"), std::nullopt) << answer;
    EXPECT_EQ(cache.take_oldest("list"), std::nullopt) << answer;
  }
}

}  // namespace
}  // namespace weir
