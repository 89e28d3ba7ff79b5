// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transaction_table.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace weir {
namespace {

constexpr uint32_t kStart = 1'700'000'000;
constexpr size_t kRoom = size_t{1} << 20;

struct Asked {
  std::string protocol = "HTTP";
  std::string key = "GET example.org/";
  double milliseconds = 10;
  uint32_t second = kStart;
  bool is_error = false;
  bool has_answer = true;
  uint8_t server = 1;
};

class TestTable {
 public:
  explicit TestTable(size_t max_bytes = kRoom, size_t budget_bytes = kRoom) : budget(budget_bytes) {
    auto made = TransactionTable::create(max_bytes, hash, budget);
    EXPECT_TRUE(made.ok());
    table = std::move(*made);
  }

  void add(const Asked& asked, const std::optional<TimeSplit>& split = std::nullopt) {
    Transaction transaction;
    transaction.protocol = asked.protocol;
    transaction.key = asked.key;
    transaction.completed = {asked.second, 999'999'999};
    transaction.asked = transaction.answered = Timestamp::from_nanoseconds(
        transaction.completed.as_nanoseconds() - static_cast<int64_t>(asked.milliseconds * 1e6));
    transaction.is_error = asked.is_error;
    transaction.has_answer = asked.has_answer;
    TransactionPlace place;
    const std::array<uint8_t, 4> bytes{192, 0, 2, asked.server};
    place.server = IpAddress::from_v4(bytes.data());
    place.server_port = 80;
    place.flow = ++flows;
    table->add(transaction, place, split, asked.second);
  }

  [[nodiscard]] std::vector<TransactionRecord> records(uint32_t now = kStart) const {
    std::vector<TransactionRecord> all;
    for (uint32_t i = 0; i < table->limit(); ++i) {
      if (auto record = table->snapshot(i, now)) all.push_back(*record);
    }
    return all;
  }
  [[nodiscard]] TransactionRecord only(uint32_t now = kStart) const {
    const auto all = records(now);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? TransactionRecord() : all.front();
  }

  KeyedHash hash{{1, 2, 3, 4}};
  MemoryBudget budget;
  std::unique_ptr<TransactionTable> table;
  uint64_t flows = 0;
};

TEST(TransactionTable, SumsWhatWasAskedUnderOneKey) {
  TestTable test;
  TimeSplit split;
  split[TimePart::kServerThinking] = 7'000'000;
  for (int i = 1; i <= 100; ++i)
    test.add({.milliseconds = static_cast<double>(i), .is_error = i % 10 == 0}, split);
  test.add({.has_answer = false});
  const TransactionRecord record = test.only(kStart + 1);
  EXPECT_EQ(record.protocol, "HTTP");
  EXPECT_EQ(record.key, "GET example.org/");
  EXPECT_EQ(record.count, 101U);
  EXPECT_EQ(record.errors, 10U);
  EXPECT_EQ(record.unanswered, 1U);
  EXPECT_EQ(record.per_second, 101U);
  EXPECT_EQ(record.min_ns, 1'000'000U);
  EXPECT_EQ(record.max_ns, 100'000'000U);
  EXPECT_EQ(record.total_ns, 5'050'000'000U);
  EXPECT_EQ(record.split_count, 100U);
  EXPECT_EQ(record.split[TimePart::kServerThinking], 700'000'000U);
  EXPECT_EQ(record.all.count(), 100U);
  EXPECT_NEAR(record.all.percentile(0.95), 95e6, 95e6 * LatencyHistogram::kRelativeError);
  EXPECT_EQ(record.flow, 101U);
  EXPECT_EQ(record.server.to_string(), "192.0.2.1");
}

TEST(TransactionTable, TellsServersApartOnlyWhereTheKeyDoesNot) {
  TestTable test;
  for (const uint8_t server : std::array<uint8_t, 3>{1, 2, 3}) {
    test.add({.protocol = "HTTP", .key = "GET example.org/", .server = server});
    test.add({.protocol = "TLS", .key = "example.org", .server = server});
    test.add({.protocol = "TLS", .key = "", .server = server});
    test.add({.protocol = "DNS", .key = "A example.org", .server = server});
  }
  std::map<std::string, size_t> rows;
  for (const TransactionRecord& record : test.records()) ++rows[record.protocol + " " + record.key];
  const std::map<std::string, size_t> expected{
      {"HTTP GET example.org/", 1}, {"TLS example.org", 1}, {"TLS ", 3}, {"DNS A example.org", 3}};
  EXPECT_EQ(rows, expected);
}

TEST(TransactionTable, CutsLongKeysAndKeepsShortOnesApart) {
  TestTable test;
  const std::string half(TransactionTable::kMaxKeyBytes, 'x');
  test.add({.key = half + "a"});
  test.add({.key = half + "b"});
  EXPECT_EQ(test.only().key, half);
  test.add({.key = half.substr(1)});
  EXPECT_EQ(test.records().size(), 2U);
}

TEST(TransactionTable, ForgetsWhatIsNoLongerRecent) {
  TestTable test;
  const uint32_t second =
      kStart / TransactionTable::kPeriodSeconds * TransactionTable::kPeriodSeconds;
  test.add({.milliseconds = 1, .second = second});
  test.add({.milliseconds = 1000, .second = second + 31});
  test.add({.milliseconds = 1, .second = second + 29});  // late
  EXPECT_EQ(test.only(second + 31).recent.count(), 3U);
  EXPECT_EQ(test.only(second + 61).recent.count(), 1U);
  EXPECT_EQ(test.only(second + 91).recent.count(), 0U);
  test.add({.milliseconds = 1, .second = second + 95});
  const TransactionRecord record = test.only(second + 95);
  EXPECT_EQ(record.recent.count(), 1U);
  EXPECT_EQ(record.all.count(), 4U);
}

TEST(TransactionTable, DoesNotBelieveATimeAheadOfTheClock) {
  TestTable test;
  Transaction transaction;
  transaction.protocol = "HTTP";
  transaction.asked = transaction.completed = {kStart + 100'000, 0};
  test.table->add(transaction, {}, std::nullopt, kStart);
  test.add({.key = ""});
  EXPECT_EQ(test.only().recent.count(), 2U);
}

// Millions of keys come once, a hundred all the time.
TEST(TransactionTable, KeepsTheKeysThatAreUsedAndTheSumsExactWithinItsBound) {
  constexpr size_t kBound = size_t{512} << 10;
  TestTable test(kBound, 2 * kRoom);
  uint64_t total = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < 100; ++i) {
      const std::string once = std::to_string(round) + "-" + std::to_string(i);
      test.add({.key = "GET rare.example/" + once, .milliseconds = 1.0 + i});
      test.add({.key = "GET used.example/" + std::to_string(i), .milliseconds = 1.0 + round});
      total += 2;
    }
  }
  uint64_t count = 0;
  uint64_t timed = 0;
  uint64_t used = 0;
  for (const TransactionRecord& record : test.records()) {
    count += record.count;
    timed += record.all.count();
    if (record.key.starts_with("GET used.example/")) used += record.count > 150 ? 1 : 0;
  }
  EXPECT_EQ(count, total);
  EXPECT_EQ(test.table->transactions(), total);
  EXPECT_EQ(timed + test.table->unplaced(), total);
  EXPECT_EQ(test.table->unplaced(), 0U);
  EXPECT_GE(used, 90U) << "keys that are used stay";
  EXPECT_GT(test.table->keys_evicted(), 19'000U);
  EXPECT_LE(test.budget.used(), kBound + (size_t{128} << 10)) << "the index is paid for apart";
}

TEST(TransactionTable, SharesOneRecordAmongProtocolsBeyondItsNumber) {
  TestTable test(size_t{96} << 10);
  for (int i = 0; i < 2000; ++i)
    test.add({.protocol = "P" + std::to_string(i % 40), .key = std::to_string(i)});
  uint64_t count = 0;
  size_t others = 0;
  for (const TransactionRecord& record : test.records()) {
    count += record.count;
    others += record.is_other ? 1 : 0;
  }
  EXPECT_EQ(count, 2000U);
  EXPECT_EQ(others, TransactionTable::kMaxProtocols);
}

TEST(TransactionTable, IsNotMadeWithoutRoom) {
  MemoryBudget budget(1000);
  const KeyedHash hash({1, 2, 3, 4});
  EXPECT_FALSE(TransactionTable::create(kRoom, hash, budget).ok());
}

// Each key says how long its transactions take, so a torn copy betrays itself. Keys come and go all
// the while.
TEST(TransactionTable, ReadersNeverSeeATornRecord) {
  TestTable test(size_t{128} << 10);
  std::atomic<bool> done{false};
  std::atomic<uint64_t> seen{0};
  std::atomic<uint64_t> torn{0};
  std::jthread reader([&] {
    while (!done.load()) {
      for (uint32_t i = 0; i < test.table->limit(); ++i) {
        const auto record = test.table->snapshot(i, kStart);
        if (!record || record->is_other) continue;
        seen.fetch_add(1);
        const uint64_t time = std::stoull(record->key) * 1'000'000;
        const bool fits = record->min_ns == time && record->max_ns == time &&
                          record->total_ns == time * record->count &&
                          record->all.count() == record->count && record->errors == record->count &&
                          record->split_count == record->count &&
                          record->split[TimePart::kSenderIdle] == time * record->count;
        if (!fits) torn.fetch_add(1);
      }
    }
  });
  for (uint64_t i = 0; i < 60'000 || seen.load() < 1000; ++i) {
    const uint64_t milliseconds = 1 + (i * 7919) % 701;
    TimeSplit split;
    split[TimePart::kSenderIdle] = milliseconds * 1'000'000;
    test.add({.key = std::to_string(milliseconds),
              .milliseconds = static_cast<double>(milliseconds),
              .second = kStart + static_cast<uint32_t>(i / 100),
              .is_error = true},
             split);
  }
  done.store(true);
  reader.join();
  EXPECT_EQ(torn.load(), 0U);
  EXPECT_GT(test.table->keys_evicted(), 100U);
}

}  // namespace
}  // namespace weir
