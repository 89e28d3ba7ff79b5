// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/collect_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "app/kept_templates.h"
#include "base/test_folder.h"
#include "base/test_patience.h"
#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

uint32_t wall_second() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

// Gives each message once, then nothing.
class FakeListener final : public ExportListener {
 public:
  explicit FakeListener(std::vector<Bytes> messages,
                        ExportTransport transport = ExportTransport::kUdp)
      : messages_(std::move(messages)), transport_(transport) {}

  bool poll(std::chrono::milliseconds, const TakeMessage& take) override {
    if (messages_.empty()) std::this_thread::yield();
    const bool has_any = !messages_.empty();
    for (const Bytes& message : std::exchange(messages_, {}))
      take({message, peer(), transport_, {}});
    return has_any;
  }
  [[nodiscard]] ListenStatistics statistics() const override {
    ListenStatistics statistics;
    statistics.datagrams = 7;
    statistics.kernel_drops = 3;
    return statistics;
  }
  [[nodiscard]] uint16_t port() const override { return 2055; }

 private:
  std::vector<Bytes> messages_;
  ExportTransport transport_;
};

class CollectThreadTest : public ::testing::Test {
 protected:
  CollectThreadTest() {
    ShardOptions options;
    options.collects = true;
    std::vector<std::unique_ptr<Shard>> shards;
    shards.push_back(*Shard::create(options, nullptr));
    interface_ = std::make_unique<Interface>("netflow:2055", "netflow:2055", 0, std::move(shards));
  }
  std::unique_ptr<CollectThread> start(std::vector<Bytes> messages, std::string templates = {}) {
    CollectThread::Setting setting;
    setting.listener = std::make_unique<FakeListener>(std::move(messages));
    setting.collector.secret = {1, 2, 3, 4};
    setting.templates = std::move(templates);
    return std::make_unique<CollectThread>(std::move(setting), *interface_, board_);
  }
  [[nodiscard]] Traffic total() const {
    return interface_->shards().front()->counters().total.read();
  }

  std::unique_ptr<Interface> interface_;
  CollectorBoard board_;
};

TEST_F(CollectThreadTest, CarriesRecordsToTheShardAndTellsOfTheirExporter) {
  auto thread =
      start({ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}, 5, wall_second())});
  EXPECT_TRUE(test::comes_true([this] { return total() == Traffic{10, 1000}; }));
  thread.reset();
  const Value::Array rows = board_.latest()->exporters;
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["id"], Value("netflow:2055-1"));
  EXPECT_EQ(rows[0]["address"], Value("192.0.2.1"));
  EXPECT_EQ(rows[0]["version"], Value("IPFIX"));
  EXPECT_EQ(rows[0]["domain"], Value(uint32_t{5}));
  EXPECT_EQ(rows[0]["templates"], Value(uint64_t{1}));
  EXPECT_EQ(rows[0]["bytes"], Value(uint64_t{1000}));
  EXPECT_EQ(rows[0]["completeness"], Value(1.0));
  EXPECT_EQ(board_.latest()->health["kernel_drops"], Value(uint64_t{3}));
  EXPECT_EQ(interface_->input(0).kernel_drops.read(), 3U);
}

TEST_F(CollectThreadTest, ShowsWhatIsMissingAsCompleteness) {
  const uint32_t now = wall_second();
  const Bytes data = set_of(kPlain, plain_record());
  auto thread = start({ipfix(0, {plain_template_set(), data}, 0, now), ipfix(1, {data}, 0, now),
                       ipfix(4, {data}, 0, now), ipfix(5, {data}, 0, now)});
  EXPECT_TRUE(test::comes_true([this] { return total() == Traffic{40, 4000}; }));
  thread.reset();
  EXPECT_EQ(board_.latest()->exporters[0]["sequence_lost"], Value(uint64_t{2}));
  // Four of six records came.
  EXPECT_NEAR(interface_->input(0).missing.read(), 1e9 / 3, 2);
}

TEST_F(CollectThreadTest, TellsOfSoManyEventsASecondAndCountsTheRest) {
  constexpr uint64_t kMessages = 400;
  const std::string_view line = "<13>1 2023-11-14T22:13:00Z host app - - - what happened";
  CollectThread::Setting setting;
  setting.listener = std::make_unique<FakeListener>(
      std::vector<Bytes>(kMessages, Bytes(line.begin(), line.end())), ExportTransport::kSyslog);
  setting.collector.secret = {1, 2, 3, 4};
  std::atomic<uint64_t> told = 0;
  setting.tell = [&](const Value& event) { told += event["event"] == Value("syslog") ? 1 : 0; };
  auto thread = std::make_unique<CollectThread>(std::move(setting), *interface_, board_);
  const auto all_are_taken = [&] {
    const auto latest = board_.latest();
    return latest && latest->health["syslog"]["messages"] == Value(kMessages);
  };
  EXPECT_TRUE(test::comes_true(all_are_taken));
  thread.reset();
  const Value left_out = board_.latest()->health["syslog"]["events_left_out"];
  EXPECT_GT(told, 0U);
  EXPECT_LT(told, kMessages);
  EXPECT_EQ(left_out, Value(kMessages - told));
}

TEST_F(CollectThreadTest, ReadsDataAfterARestartByTheTemplatesOfBefore) {
  const test::TestFolder folder;
  KeptTemplates kept(folder.path().string(), "netflow:[::1]:2055");
  EXPECT_EQ(kept.read(), "");
  auto thread = start({ipfix(0, {plain_template_set()}, 0, wall_second())});
  EXPECT_TRUE(test::comes_true([this] { return board_.latest()->exporters.size() == 1; }));
  thread.reset();
  kept.write(board_, std::chrono::steady_clock::now(), true);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "templates-netflow----1--2055.txt"));
  thread = start({ipfix(0, {set_of(kPlain, plain_record())}, 0, wall_second())}, kept.read());
  EXPECT_TRUE(test::comes_true([this] { return total() == Traffic{10, 1000}; }));
}

TEST(KeptTemplates, KeepNothingWithoutAFolder) {
  KeptTemplates kept("", "netflow:2055");
  CollectorBoard board;
  board.post({{}, {}, std::make_shared<const std::string>("text")});
  kept.write(board, std::chrono::steady_clock::now(), true);
  EXPECT_EQ(kept.read(), "");
}

TEST(KeptTemplates, AreWrittenNowAndThen) {
  const test::TestFolder folder;
  KeptTemplates kept(folder.path().string(), "x");
  CollectorBoard board;
  const auto start = std::chrono::steady_clock::now();
  board.post({{}, {}, std::make_shared<const std::string>("one")});
  kept.write(board, start);
  EXPECT_EQ(kept.read(), "one");
  board.post({{}, {}, std::make_shared<const std::string>("two")});
  kept.write(board, start + std::chrono::seconds(1));
  EXPECT_EQ(kept.read(), "one");
  kept.write(board, start + KeptTemplates::kEvery);
  EXPECT_EQ(kept.read(), "two");
}

}  // namespace
}  // namespace weir
