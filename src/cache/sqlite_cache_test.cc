// SPDX-License-Identifier: GPL-3.0-or-later
// What is of this cache alone; what every one does is in cache_contract_test.cc.
#include "cache/sqlite_cache.h"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

class SqliteCacheTest : public ::testing::Test {
 protected:
  // Commits only when it is told to, at a time that stands still.
  std::unique_ptr<SqliteCache> open(const std::string& file, size_t limit = size_t{1} << 20) {
    return *SqliteCache::open({.file = file,
                               .limit_bytes = limit,
                               .commit_after = std::chrono::milliseconds(0),
                               .now = [this] { return now_; }});
  }
  static uint64_t figure(SqliteCache& cache, std::string_view name) {
    const Value value = cache.statistics()[name];
    if (const auto* number = value.as<uint64_t>()) return *number;
    return static_cast<uint64_t>(*value.as<int64_t>());
  }

  seconds now_{1'000'000};
  test::TestFolder folder_;
  std::string file_ = folder_.path().string() + "/cache.sqlite";
  std::unique_ptr<SqliteCache> cache_ = open("");
};

TEST_F(SqliteCacheTest, GivesBackAnyBytes) {
  const std::string key("a\0b", 3);
  const std::string value("\0\xff'; DROP TABLE entry; --", 25);
  EXPECT_EQ(cache_->get(key), std::nullopt);
  cache_->set(key, value, Cache::kForever);
  EXPECT_THAT(cache_->get(key), Optional(value));
  cache_->set(key, "", Cache::kForever);
  EXPECT_THAT(cache_->get(key), Optional(std::string()));
  cache_->erase(key);
  EXPECT_EQ(cache_->get(key), std::nullopt);
  EXPECT_EQ(figure(*cache_, "bytes"), 0U);
}

TEST_F(SqliteCacheTest, ForgetsWhatIsTooOld) {
  cache_->set("short", "1", seconds(5));
  cache_->set("long", "2", seconds(50));
  cache_->set("forever", "3", Cache::kForever);
  now_ += seconds(4);
  EXPECT_THAT(cache_->get("short"), Optional(std::string("1")));
  now_ += seconds(1);
  EXPECT_EQ(cache_->get("short"), std::nullopt);
  EXPECT_EQ(figure(*cache_, "entries"), 3U) << "not removed yet";
  cache_->commit();
  EXPECT_EQ(figure(*cache_, "entries"), 2U);
  cache_->set("long", "4", Cache::kForever);
  now_ += seconds(1000);
  EXPECT_THAT(cache_->get("long"), Optional(std::string("4"))) << "a new value has a new lifetime";
}

TEST_F(SqliteCacheTest, KeepsTheNewestOfAList) {
  for (int i = 0; i < 10; ++i) cache_->push("list", std::to_string(i), 3);
  cache_->push("other", "x", 3);
  EXPECT_THAT(cache_->newest("list", 10), ElementsAre("9", "8", "7"));
  EXPECT_THAT(cache_->newest("list", 1), ElementsAre("9"));
  EXPECT_THAT(cache_->newest("absent", 10), IsEmpty());
  cache_->push("list", "none is kept", 0);
  EXPECT_THAT(cache_->newest("list", 10), IsEmpty());
  EXPECT_EQ(figure(*cache_, "bytes"), 6U);
}

TEST_F(SqliteCacheTest, KeepsItsBudgetAndLetsTheOldestGo) {
  cache_ = open("", 100'000);
  ASSERT_TRUE(cache_->set_preference("theme", "dark").ok());
  for (int i = 0; i < 1000; ++i)
    cache_->set("key" + std::to_string(i), std::string(1000, 'x'), Cache::kForever);
  EXPECT_LE(figure(*cache_, "bytes"), 100'000U);
  EXPECT_GT(figure(*cache_, "bytes"), 50'000U);
  EXPECT_EQ(figure(*cache_, "entries") + figure(*cache_, "evicted"), 1000U);
  EXPECT_TRUE(cache_->get("key999").has_value());
  EXPECT_FALSE(cache_->get("key0").has_value());
  EXPECT_THAT(cache_->preference("theme"), Optional(std::string("dark")));
  for (int i = 0; i < 1000; ++i) cache_->push("list", std::string(1000, 'x'), 10'000);
  EXPECT_LE(figure(*cache_, "bytes"), 100'000U);
}

TEST_F(SqliteCacheTest, RefusesAndCountsWhatIsTooLarge) {
  cache_->set(std::string(Cache::kMaxKeyBytes + 1, 'k'), "", Cache::kForever);
  cache_->set("k", std::string(Cache::kMaxValueBytes + 1, 'v'), Cache::kForever);
  cache_->push("k", std::string(Cache::kMaxValueBytes + 1, 'v'), 10);
  EXPECT_FALSE(cache_->set_preference("k", std::string(Cache::kMaxValueBytes + 1, 'v')).ok());
  EXPECT_EQ(figure(*cache_, "refused"), 4U);
  EXPECT_EQ(figure(*cache_, "entries"), 0U);
  cache_->set(std::string(Cache::kMaxKeyBytes, 'k'), std::string(Cache::kMaxValueBytes, 'v'),
              Cache::kForever);
  EXPECT_EQ(figure(*cache_, "refused"), 4U);
}

TEST_F(SqliteCacheTest, OutlivesARestart) {
  {
    const auto cache = open(file_);
    cache->set("key", "value", seconds(60));
    cache->push("list", "element", 10);
    ASSERT_TRUE(cache->set_preference("theme", "dark").ok());
  }
  const auto cache = open(file_);
  EXPECT_THAT(cache->get("key"), Optional(std::string("value")));
  EXPECT_THAT(cache->newest("list", 10), ElementsAre("element"));
  EXPECT_THAT(cache->preference("theme"), Optional(std::string("dark")));
  EXPECT_EQ(figure(*cache, "bytes"), 19U);
}

TEST_F(SqliteCacheTest, LosesNoPreferenceWhenTheProcessIsKilled) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto cache = open(file_);
    cache->set("uncommitted", "x", Cache::kForever);
    for (int i = 0; i < 100; ++i) {
      if (!cache->set_preference("name" + std::to_string(i), std::to_string(i)).ok()) _exit(1);
    }
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto cache = open(file_);
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(cache->preference("name" + std::to_string(i)), Optional(std::to_string(i)));
}

TEST_F(SqliteCacheTest, CommitsByItself) {
  const auto writer =
      *SqliteCache::open({.file = file_, .commit_after = std::chrono::milliseconds(1), .now = {}});
  const auto reader = open(file_);
  writer->set("key", "value", Cache::kForever);
  const auto patience = std::chrono::steady_clock::now() + seconds(30);
  while (!reader->get("key") && std::chrono::steady_clock::now() < patience)
    std::this_thread::yield();
  EXPECT_THAT(reader->get("key"), Optional(std::string("value")));
}

TEST_F(SqliteCacheTest, SaysWhenAFileIsNoCache) {
  std::ofstream(file_) << std::string(10'000, 'x');
  const auto opened = SqliteCache::open({.file = file_, .now = {}});
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("file is not a database"));
  EXPECT_FALSE(SqliteCache::open({.file = "/nonexistent/cache.sqlite", .now = {}}).ok());
}

TEST_F(SqliteCacheTest, CountsWhatCannotBeWrittenAndGoesOn) {
  const auto cache = open(file_);
  const auto other = open(file_);
  other->set("holds", "the lock", Cache::kForever);  // until other->commit()
  cache->set("key", "lost", Cache::kForever);
  EXPECT_FALSE(cache->set_preference("theme", "dark").ok());
  EXPECT_GT(figure(*cache, "failed"), 0U);
  EXPECT_THAT(*cache->statistics()["error"].as<std::string>(), HasSubstr("locked"));
  other->commit();
  cache->set("key", "kept", Cache::kForever);
  EXPECT_TRUE(cache->set_preference("theme", "dark").ok());
  EXPECT_THAT(other->get("key"), Optional(std::string("kept")));
}

}  // namespace
}  // namespace weir
