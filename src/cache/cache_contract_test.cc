// SPDX-License-Identifier: GPL-3.0-or-later
// What every Cache does, whatever it is made of.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "cache/redis_cache.h"
#include "cache/sqlite_cache.h"
#include "cache/test_redis_server.h"

namespace weir {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

// Where caches of one kind keep things, over their own end.
class Place {
 public:
  virtual ~Place() = default;
  virtual bool is_there() { return true; }
  virtual std::unique_ptr<Cache> open() = 0;
  virtual void pass(seconds time) = 0;
};

class EmbeddedPlace final : public Place {
 public:
  std::unique_ptr<Cache> open() override {
    return *SqliteCache::open({.file = folder_.path().string() + "/cache.sqlite",
                               .commit_after = std::chrono::milliseconds(0),
                               .now = [this] { return now_; }});
  }
  void pass(seconds time) override { now_ += time; }

 private:
  test::TestFolder folder_;
  seconds now_{1'000'000};
};

// A Redis has no other clock than the real one.
class RedisPlace : public Place {
 public:
  bool is_there() override {
    if (!test::RedisServer::is_installed()) return false;
    server_.start();
    return true;
  }
  std::unique_ptr<Cache> open() override {
    RedisCacheOptions options;
    options.address = server_.address();
    // For machines that are busy with other tests.
    options.limits.read = seconds(20);
    options.preferences = keeper();
    auto cache = std::make_unique<RedisCache>(std::move(options));
    EXPECT_TRUE(test::comes_true(
        [&] { return *cache->statistics()["state"].as<std::string>() == "connected"; }));
    return cache;
  }
  void pass(seconds time) override { std::this_thread::sleep_for(time); }
  virtual Cache* keeper() { return nullptr; }

 private:
  test::RedisServer server_;
};

class RedisPlaceWithFile final : public RedisPlace {
 public:
  Cache* keeper() override { return keeper_.get(); }

 private:
  std::unique_ptr<SqliteCache> keeper_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
};

struct PlaceKind {
  const char* name;
  std::function<std::unique_ptr<Place>()> make;
};

class CacheContract : public ::testing::TestWithParam<PlaceKind> {
 protected:
  void SetUp() override {
    if (!place_->is_there()) GTEST_SKIP() << "redis-server is not installed";
    cache_ = place_->open();
  }
  uint64_t refused() { return *cache_->statistics()["refused"].as<uint64_t>(); }

  std::unique_ptr<Place> place_ = GetParam().make();
  std::unique_ptr<Cache> cache_;
};

TEST_P(CacheContract, GivesBackAnyBytes) {
  const std::string key("a\0b\r\n", 5);
  const std::string value("\0\xff'; DROP TABLE entry; --\r\n$5\r\n", 31);
  EXPECT_EQ(cache_->get(key), std::nullopt);
  cache_->set(key, value, Cache::kForever);
  EXPECT_THAT(cache_->get(key), Optional(value));
  cache_->set(key, "", Cache::kForever);
  EXPECT_THAT(cache_->get(key), Optional(std::string()));
  cache_->erase(key);
  EXPECT_EQ(cache_->get(key), std::nullopt);
  cache_->erase(key);
  cache_->push("list", value, 10);
  EXPECT_THAT(cache_->newest("list", 10), ElementsAre(value));
}

TEST_P(CacheContract, ForgetsWhatIsTooOld) {
  cache_->set("short", "1", seconds(1));
  cache_->set("long", "2", seconds(1));
  cache_->set("long", "3", seconds(100));
  cache_->set("forever", "4", seconds(1));
  cache_->set("forever", "5", Cache::kForever);
  EXPECT_THAT(cache_->get("short"), Optional(std::string("1")));
  place_->pass(seconds(2));
  EXPECT_EQ(cache_->get("short"), std::nullopt);
  EXPECT_THAT(cache_->get("long"), Optional(std::string("3"))) << "a new value, a new lifetime";
  EXPECT_THAT(cache_->get("forever"), Optional(std::string("5")));
}

TEST_P(CacheContract, KeepsTheNewestOfAList) {
  for (int i = 0; i < 10; ++i) cache_->push("list", std::to_string(i), 3);
  cache_->push("other", "x", 3);
  EXPECT_THAT(cache_->newest("list", 10), ElementsAre("9", "8", "7"));
  EXPECT_THAT(cache_->newest("list", 1), ElementsAre("9"));
  EXPECT_THAT(cache_->newest("list", 0), IsEmpty());
  EXPECT_THAT(cache_->newest("absent", 10), IsEmpty());
  cache_->push("list", "none is kept", 0);
  EXPECT_THAT(cache_->newest("list", 10), IsEmpty());
  EXPECT_THAT(cache_->newest("other", 10), ElementsAre("x"));
}

TEST_P(CacheContract, KeepsNoListLongerThanAllowed) {
  for (size_t i = 0; i <= Cache::kMaxListLength; ++i) {
    cache_->push("list", std::to_string(i), 1'000'000);
    if (i % 1000 == 0) (void)cache_->newest("list", 1);  // lets a queue get empty
  }
  const auto found = cache_->newest("list", 1'000'000);
  ASSERT_EQ(found.size(), Cache::kMaxListLength);
  EXPECT_EQ(found.back(), "1");
}

TEST_P(CacheContract, TakesTheOldestOutOfAQueue) {
  for (const char* value : {"a", "b", "c"}) cache_->push("queue", value, 100);
  EXPECT_THAT(cache_->take_oldest("queue"), Optional(std::string("a")));
  cache_->push("queue", "d", 100);
  EXPECT_THAT(cache_->take_oldest("queue"), Optional(std::string("b")));
  EXPECT_THAT(cache_->newest("queue", 10), ElementsAre("d", "c"));
  EXPECT_EQ(cache_->take_oldest("absent"), std::nullopt);
}

TEST_P(CacheContract, RefusesAndCountsWhatIsTooLarge) {
  const std::string key(Cache::kMaxKeyBytes, 'k');
  const std::string value(Cache::kMaxValueBytes, 'v');
  cache_->set(key + "k", "", Cache::kForever);
  cache_->set("k", value + "v", Cache::kForever);
  cache_->push("k", value + "v", 10);
  EXPECT_FALSE(cache_->set_preference("k", value + "v").ok());
  EXPECT_EQ(refused(), 4U);
  EXPECT_EQ(cache_->get("k"), std::nullopt);
  cache_->set(key, value, Cache::kForever);
  EXPECT_THAT(cache_->get(key), Optional(value));
  EXPECT_EQ(refused(), 4U);
}

TEST_P(CacheContract, HasKeysListsAndPreferencesOfTheSameName) {
  cache_->set("name", "value", Cache::kForever);
  cache_->push("name", "element", 10);
  ASSERT_TRUE(cache_->set_preference("name", "preference").ok());
  EXPECT_THAT(cache_->get("name"), Optional(std::string("value")));
  EXPECT_THAT(cache_->newest("name", 10), ElementsAre("element"));
  EXPECT_THAT(cache_->preference("name"), Optional(std::string("preference")));
  cache_->erase("name");
  EXPECT_THAT(cache_->newest("name", 10), ElementsAre("element"));
  EXPECT_THAT(cache_->preference("name"), Optional(std::string("preference")));
  EXPECT_EQ(cache_->preference("absent"), std::nullopt);
}

TEST_P(CacheContract, NamesItsPreferencesAndForgetsThem) {
  EXPECT_THAT(cache_->preference_names(10), IsEmpty());
  for (const char* name : {"theme", "a", "columns/hosts", "a"})
    ASSERT_TRUE(cache_->set_preference(name, "x").ok());
  EXPECT_THAT(cache_->preference_names(10), ElementsAre("a", "columns/hosts", "theme"));
  EXPECT_THAT(cache_->preference_names(2), ElementsAre("a", "columns/hosts"));
  EXPECT_TRUE(cache_->erase_preference("a").ok());
  EXPECT_TRUE(cache_->erase_preference("never there").ok());
  EXPECT_EQ(cache_->preference("a"), std::nullopt);
  cache_.reset();
  cache_ = place_->open();
  EXPECT_THAT(cache_->preference_names(10), ElementsAre("columns/hosts", "theme"));
}

TEST_P(CacheContract, OutlivesARestart) {
  cache_->set("key", "value", seconds(60));
  cache_->push("list", "element", 10);
  ASSERT_TRUE(cache_->set_preference("theme", "light").ok());
  ASSERT_TRUE(cache_->set_preference("theme", "dark").ok());
  cache_.reset();
  cache_ = place_->open();
  EXPECT_THAT(cache_->get("key"), Optional(std::string("value")));
  EXPECT_THAT(cache_->newest("list", 10), ElementsAre("element"));
  EXPECT_THAT(cache_->preference("theme"), Optional(std::string("dark")));
}

TEST_P(CacheContract, TellsWhoSubscribed) {
  std::atomic<int> told{0};
  const auto first = cache_->subscribe("events", [&] { ++told; });
  const auto second = cache_->subscribe("events", {});
  const auto other = cache_->subscribe("others", {});
  EXPECT_THAT(cache_->messages("events", 0, 10), IsEmpty());
  cache_->publish("events", "one");
  cache_->publish("events", std::string("t\0wo", 4));
  cache_->publish("events", std::string(Cache::kMaxMessageBytes + 1, 'x'));
  const auto both = ElementsAre(CacheMessage{1, "one"}, CacheMessage{2, std::string("t\0wo", 4)});
  EXPECT_THAT(first->messages(0, 10), both);
  EXPECT_THAT(second->messages(0, 10), both);
  EXPECT_THAT(cache_->messages("events", 0, 10), both);
  EXPECT_THAT(other->messages(0, 10), IsEmpty());
  EXPECT_EQ(told, 2);
  EXPECT_EQ(refused(), 1U);
}

TEST_P(CacheContract, MayBeUsedByManyThreads) {
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([this, t] {
        for (int i = 0; i < 200; ++i) {
          const std::string key = std::to_string(t) + "/" + std::to_string(i);
          cache_->set(key, key, Cache::kForever);
          EXPECT_THAT(cache_->get(key), Optional(key));
          cache_->push("list", key, 10'000);
          (void)cache_->take_oldest("list");
        }
      });
    }
  }
  for (int t = 0; t < 4; ++t) {
    for (int i = 0; i < 200; ++i) {
      const std::string key = std::to_string(t) + "/" + std::to_string(i);
      EXPECT_THAT(cache_->get(key), Optional(key));
    }
  }
  EXPECT_THAT(cache_->newest("list", 10), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, CacheContract,
    ::testing::Values(PlaceKind{"Embedded", [] { return std::make_unique<EmbeddedPlace>(); }},
                      PlaceKind{"Redis", [] { return std::make_unique<RedisPlace>(); }},
                      PlaceKind{"RedisWithAFile",
                                [] { return std::make_unique<RedisPlaceWithFile>(); }}),
    [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace weir
