// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts while the engine goes on: what they keep is theirs, and many of them run at once.
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "query/test_traffic.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using test_traffic::Sent;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string address(uint32_t i) {
  return "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1);
}

// Packets of many hosts in one second; each has other hosts.
std::vector<Sent> crowd(uint32_t second, uint32_t first, uint32_t count) {
  std::vector<Sent> packets;
  for (uint32_t i = first; i < first + count; ++i) {
    packets.push_back({.source = address(i),
                       .destination = "192.0.2.1",
                       .source_port = static_cast<uint16_t>(1024 + i),
                       .destination_port = 53,
                       .length = 100 + i % 1000,
                       .when = {second, 0}});
  }
  return packets;
}

// Asks of a live engine. health() lets an hour pass in which everybody is forgotten and others take
// their places.
class PassingTime final : public Questions {
 public:
  PassingTime(Shard& shard, const Questions& live) : shard_(shard), live_(live) {}

  [[nodiscard]] Answer hosts(const ListRequest& request) const override {
    return live_.hosts(request);
  }
  [[nodiscard]] Answer host(const WantedHost& wanted) const override { return live_.host(wanted); }
  [[nodiscard]] Answer archived_host(const WantedHost& wanted) const override {
    return live_.archived_host(wanted);
  }
  [[nodiscard]] Answer host_record(const WantedHost& wanted) const override {
    return live_.host_record(wanted);
  }
  [[nodiscard]] Answer flows(const ListRequest& request) const override {
    return live_.flows(request);
  }
  [[nodiscard]] Answer flow(std::string_view id) const override { return live_.flow(id); }
  [[nodiscard]] Answer interfaces(const ListRequest& request) const override {
    return live_.interfaces(request);
  }
  [[nodiscard]] Answer interface(std::string_view id) const override { return live_.interface(id); }
  [[nodiscard]] Answer exporters(const ListRequest& request) const override {
    return live_.exporters(request);
  }
  [[nodiscard]] Answer exporter(std::string_view id) const override { return live_.exporter(id); }
  [[nodiscard]] Answer applications(const ListRequest& request) const override {
    return live_.applications(request);
  }
  [[nodiscard]] Answer groups(GroupKind kind, const ListRequest& request) const override {
    return live_.groups(kind, request);
  }
  [[nodiscard]] Answer transactions(const ListRequest& request) const override {
    return live_.transactions(request);
  }
  [[nodiscard]] Answer series(const SeriesRequest& request) const override {
    return live_.series(request);
  }
  [[nodiscard]] Answer health() const override {
    for (uint32_t minute = 0; minute < 60; ++minute) {
      now_ += 60;
      test_traffic::feed(shard_, crowd(now_, next_++, 1));
    }
    next_ += 1;
    test_traffic::feed(shard_, crowd(now_, next_, 200));
    next_ += 200;
    return live_.health();
  }

 private:
  Shard& shard_;
  const Questions& live_;
  mutable uint32_t now_ = 1000;
  mutable uint32_t next_ = 1000;
};

TEST(LiveScripts, KeepWhatTheyAskedWhenTheHostsAreForgotten) {
  const auto eth0 = test_traffic::watch("eth0", crowd(1000, 0, 300));
  const LiveQuestions live = test_traffic::questions_about({eth0.get()});
  const PassingTime questions(*eth0->shards().front(), live);
  ScriptFolder folder;
  folder.write("rest/keep.lua", R"lua(
    local asked = interface.hosts({ limit = 1000, sort = "bytes" }).rows
    local flows = interface.flows({ limit = 1000 }).rows
    local whole = interface.host(asked[1].key)
    local groups = interface.flows({ group_by = { "client_ip" }, limit = 1000 }).rows
    local before = json.encode({ asked, flows, whole, groups })
    ntop.health()  -- an hour passes
    local gone, problem = interface.host("10.0.0.1")
    asked[1].mine = "changed"  -- a table of the script's own
    asked[1].mine = nil
    local after = json.encode({ asked, flows, whole, groups })
    print(before == after and "the same" or "another", " ", #asked, " ", #before > 100000 and "much" or "little", " ",
      gone == nil and problem.kind or "still there")
  )lua");
  std::vector<std::string> errors;
  const auto runner =
      *ScriptRunner::open({.folder = folder.path(),
                           .on_error = [&](const std::string& line) { errors.push_back(line); }},
                          questions);
  EXPECT_EQ(runner->run({"keep", "", {}}).body, "the same 301 much not_found");
  for (int again = 0; again < 20; ++again)
    EXPECT_THAT(runner->run({"keep", "", {}}).body, HasSubstr("the same"));
  EXPECT_THAT(errors, IsEmpty());
}

TEST(LiveScripts, RunSixteenAtOnceWhilePacketsGoOn) {
  const auto eth0 = test_traffic::watch("eth0", crowd(1000, 0, 500));
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  const auto cache = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  std::mutex mutex;
  std::vector<std::string> errors;
  const auto runner = *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts",
                                           .on_error =
                                               [&](const std::string& line) {
                                                 const std::lock_guard lock(mutex);
                                                 errors.push_back(line);
                                               },
                                           .cache = cache.get()},
                                          questions);
  const std::vector<ScriptRequest> requests{
      {"hosts", "", {{"sort", "bytes"}, {"limit", "50"}}},
      {"hosts", "", {{"group_by", "is_local"}}},
      {"hosts", "192.0.2.1", {}},
      {"flows", "", {{"filter", "port = 53"}, {"limit", "20"}}},
      {"flows", "", {{"group_by", "client_ip"}, {"limit", "20"}}},
      {"peers", "", {{"host", "192.0.2.1"}}},
      {"ports", "", {}},
      {"complete", "", {{"text", "host = 10"}}},
      {"scripts", "", {}},
      {"preferences", "", {}},
      {"health", "", {}},
      {"applications", "", {}},
      {"series", "", {{"seconds", "60"}}},
      {"metrics", "", {}, "pages"},
      {"talkers", "", {}, "cron/second"},
      {"preferences", "theme", {}, "put", R"({"value":"dark"})"}};
  constexpr int kRounds = 8;
  std::atomic<bool> is_over{false};
  std::thread packets([&] {
    for (uint32_t second = 1001; !is_over; ++second)
      test_traffic::feed(*eth0->shards().front(), crowd(second, second % 3000, 64));
  });
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < requests.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        if (runner->run(requests[(i + round) % requests.size()]).status == 200) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  is_over = true;
  packets.join();
  EXPECT_EQ(threads.size(), 16U);
  EXPECT_EQ(answered, 16 * kRounds);
  EXPECT_THAT(errors, IsEmpty());
}

}  // namespace
}  // namespace weir
