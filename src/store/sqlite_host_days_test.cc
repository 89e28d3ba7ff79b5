// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite_host_days.h"

#include <fstream>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "query/filter_sql.h"
#include "store/host_day_table.h"
#include "store/sqlite_query.h"

// Requests name only what they ask for.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace weir {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// 2026-11-28 00:00:00 UTC.
constexpr int64_t kDay = 1'795'824'000;
constexpr uint32_t kSecond = kDay;

HostRecord host(const std::string& address, uint32_t first, uint32_t last, uint64_t bytes = 100) {
  HostRecord made;
  made.key.address = *IpAddress::parse(address);
  made.first_seen = {first, 0};
  made.last_seen = {last, 500'000'000};
  made.sent[0] = {bytes / 100, bytes};
  made.received[1] = {1, 7};
  return made;
}

class HostDaysTest : public ::testing::Test {
 protected:
  std::unique_ptr<SqliteHostDays> open(size_t limit_rows = 1000) {
    HostDayOptions options;
    options.file = file_;
    options.limit_rows = limit_rows;
    options.now = [this] {
      const std::lock_guard lock(mutex_);
      return sys_seconds(seconds(now_));
    };
    options.utc_offset = [](sys_seconds) { return seconds(0); };
    options.hosts = [this](const HostDayOptions::Visitor& visit) {
      const std::lock_guard lock(mutex_);
      for (const HostRecord& one : known_) visit(one, "eth0");
    };
    auto opened = SqliteHostDays::open(std::move(options));
    if (!opened.ok()) ADD_FAILURE() << opened.error().message;
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  // What is known at a moment of the day is written.
  void dump(SqliteHostDays& days, int64_t now, std::vector<HostRecord> known, unsigned days_ago = 0,
            unsigned keep = 30) {
    {
      const std::lock_guard lock(mutex_);
      now_ = kDay + now;
      known_ = std::move(known);
    }
    const auto begun = days.dump(days_ago, keep);
    ASSERT_TRUE(begun.ok());
    EXPECT_TRUE(days.wait_until_written());
  }
  static std::vector<std::string> keys(SqliteHostDays& days, const std::string& day = "2026-11-28",
                                       ListRequest request = {}) {
    if (request.sort.empty()) {
      request.sort = "address";
      request.descending = false;
    }
    request.limit = 10'000;
    const Answer answer = days.hosts(day, request);
    if (!answer.ok()) return {answer.error().parameter + ": " + answer.error().message};
    std::vector<std::string> found;
    for (const Value& row : *(*answer)["rows"].as<Value::Array>())
      found.push_back(*row["key"].as<std::string>());
    return found;
  }
  static uint64_t figure(const SqliteHostDays& days, std::string_view name) {
    return *days.statistics()[name].as<uint64_t>();
  }

  std::mutex mutex_;
  int64_t now_ = kDay;
  std::vector<HostRecord> known_;
  test::TestFolder folder_;
  std::string file_ = folder_.path().string() + "/days.sqlite";
};

TEST_F(HostDaysTest, WriteThoseThatWereSeenOnTheDay) {
  const auto days = open();
  dump(*days, 86'400 + 5,
       {host("10.0.0.1", kSecond - 9000, kSecond - 1),          // the day before
        host("10.0.0.2", kSecond - 9000, kSecond),              // its first second
        host("10.0.0.3", kSecond + 50, kSecond + 60),           // in it
        host("10.0.0.4", kSecond + 86'399, kSecond + 86'399),   // its last second
        host("10.0.0.5", kSecond + 70, kSecond + 86'402),       // and goes on
        host("10.0.0.6", kSecond + 86'400, kSecond + 86'401)},  // the day after
       1);
  EXPECT_THAT(keys(*days), ElementsAre("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"));
  EXPECT_EQ(to_json(*days->days()),
            R"({"rows":[{"day":"2026-11-28","hosts":4,"complete":true}],"total":1})");
}

TEST_F(HostDaysTest, KeepHostsThatAreForgottenMeanwhile) {
  const auto days = open();
  dump(*days, 300, {host("10.0.0.1", kSecond + 10, kSecond + 20)});
  dump(*days, 600, {host("10.0.0.2", kSecond + 400, kSecond + 500)});
  EXPECT_THAT(keys(*days), ElementsAre("10.0.0.1", "10.0.0.2"));
  EXPECT_EQ(to_json((*days->days())["rows"]),
            R"([{"day":"2026-11-28","hosts":2,"complete":false}])");
  EXPECT_EQ(figure(*days, "written"), 2U);
}

TEST_F(HostDaysTest, AddUpTheLivesOfAHost) {
  const auto days = open();
  const auto row = [&] {
    const ListRequest request{
        .columns = {"first_seen", "last_seen", "bytes_sent", "packets_sent", "bytes", "udp_bytes"}};
    return to_json((*days->hosts("2026-11-28", request))["rows"]);
  };
  dump(*days, 300, {host("10.0.0.1", kSecond + 10, kSecond + 20, 1000)});
  dump(*days, 600, {host("10.0.0.1", kSecond + 10, kSecond + 590, 3000)});
  EXPECT_EQ(row(), R"([{"first_seen":1795824010,"last_seen":1795824590.5,"bytes_sent":3000,)"
                   R"("packets_sent":30,"bytes":3007,"udp_bytes":7}])");
  // Forgotten, and seen again.
  dump(*days, 5000, {host("10.0.0.1", kSecond + 4900, kSecond + 4990, 200)});
  dump(*days, 5300, {host("10.0.0.1", kSecond + 4900, kSecond + 5290, 500)});
  EXPECT_EQ(row(), R"([{"first_seen":1795824010,"last_seen":1795829290.5,"bytes_sent":3500,)"
                   R"("packets_sent":35,"bytes":3514,"udp_bytes":14}])");
  // It got its past back, of both lives.
  dump(*days, 5600, {host("10.0.0.1", kSecond + 10, kSecond + 5590, 3900)});
  EXPECT_EQ(row(), R"([{"first_seen":1795824010,"last_seen":1795829590.5,"bytes_sent":3900,)"
                   R"("packets_sent":39,"bytes":3907,"udp_bytes":7}])");
}

TEST_F(HostDaysTest, AreFilteredSortedAndCut) {
  const auto days = open();
  std::vector<HostRecord> known;
  for (uint32_t i = 0; i < 20; ++i) {
    known.push_back(host((i % 2 == 0 ? "10.0.0." : "2001:db8::") + std::to_string(i), kSecond + i,
                         kSecond + 100, i * 100));
    if (i % 4 == 0) known.back().key.vlan.push(static_cast<uint16_t>(100 + i));
    if (i % 5 == 0) known.back().mac = {{2, 0, 0, 0, 0, static_cast<uint8_t>(i)}};
  }
  dump(*days, 300, known);
  const auto where = [&](const std::string& filter) {
    return keys(*days, "2026-11-28", {.filter = filter});
  };
  EXPECT_EQ(where("").size(), 20U);
  EXPECT_EQ(where("host in 2001:db8::/32").size(), 10U);
  EXPECT_THAT(where("bytes > 1.7k and host in 10.0.0.0/8"), ElementsAre("10.0.0.18"));
  EXPECT_THAT(where("vlan = 112"), ElementsAre("10.0.0.12@112"));
  EXPECT_THAT(where("mac = 02:00:00:00:00:0*"),
              ElementsAre("10.0.0.0@100", "10.0.0.10", "2001:db8::5", "2001:db8::15"));
  EXPECT_THAT(where("key ~ @1 and not vlan in (100, 104)"),
              ElementsAre("10.0.0.8@108", "10.0.0.12@112", "10.0.0.16@116"));
  EXPECT_THAT(where("address ~ ::15"), ElementsAre("2001:db8::15"));
  EXPECT_THAT(where("'; DROP TABLE host_day; --'"), IsEmpty());
  EXPECT_EQ(where("").size(), 20U);
  EXPECT_EQ(to_json(*days->hosts("2026-11-28", {.sort = "bytes",
                                                .offset = 1,
                                                .limit = 2,
                                                .columns = {"key", "vlan", "address", "mac"}})),
            R"({"time":1795824300,"total":20,"offset":1,"rows":[)"
            R"({"key":"10.0.0.18","vlan":[],"address":"10.0.0.18"},)"
            R"({"key":"2001:db8::17","vlan":[],"address":"2001:db8::17"}]})");
  EXPECT_EQ(keys(*days, "2026-11-28", {.interface = "eth0"}).size(), 20U);
  EXPECT_THAT(keys(*days, "2026-11-28", {.interface = "eth1"}), IsEmpty());
}

TEST_F(HostDaysTest, NameTheParameterThatIsWrong) {
  const auto days = open();
  dump(*days, 300, {host("10.0.0.1", kSecond + 10, kSecond + 20)});
  const auto error = [&](const std::string& day, const ListRequest& request) {
    return keys(*days, day, request).front();
  };
  EXPECT_EQ(error("2026-11-29", {}), "day: nothing is kept of 2026-11-29");
  EXPECT_EQ(error("' OR 1=1", {}), "day: \"' OR 1=1\" is no day: 2026-11-28");
  EXPECT_EQ(error("2026-11-28", {.sort = "os"}), "sort: \"os\" is not kept for days");
  EXPECT_EQ(error("2026-11-28", {.columns = {"name"}}), "columns: \"name\" is not kept for days");
  EXPECT_EQ(error("2026-11-28", {.filter = "country = DE"}),
            "filter: \"country\" is not kept there, or not to be searched like this");
  EXPECT_EQ(error("2026-11-28", {.filter = "bytes >"}),
            "filter: expected a value, but the filter ends");
  EXPECT_EQ(error("2026-11-28", {.group_by = {"vlan"}}),
            "group_by: this list is not put in groups");
}

TEST_F(HostDaysTest, RemoveDaysThatAreTooOld) {
  const auto days = open();
  for (int64_t day = 0; day < 6; ++day) {
    const auto seen = static_cast<uint32_t>(kDay + day * 86'400 + 10);
    dump(*days, day * 86'400 + 300, {host("10.0.0.1", seen, seen)}, 0, 2);
  }
  EXPECT_THAT(to_json(*days->days()), HasSubstr(R"("total":3)"));
  EXPECT_THAT(keys(*days, "2026-12-01"), ElementsAre("10.0.0.1"));
  EXPECT_THAT(keys(*days, "2026-11-30"), ElementsAre("day: nothing is kept of 2026-11-30"));
  EXPECT_EQ(figure(*days, "rows"), 3U);
  EXPECT_EQ(figure(*days, "days_removed"), 3U);
}

TEST_F(HostDaysTest, HaveABudgetOfRows) {
  const auto days = open(2500);
  const auto many = [](uint32_t seen, size_t count) {
    std::vector<HostRecord> known;
    for (size_t i = 0; i < count; ++i) {
      known.push_back(
          host("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256), seen, seen));
    }
    return known;
  };
  dump(*days, 300, many(kSecond + 10, 2000));
  dump(*days, 86'400 + 300, many(kSecond + 86'410, 2000));
  EXPECT_EQ(keys(*days, "2026-11-29").size(), 2000U) << "the older day gave way";
  EXPECT_EQ(figure(*days, "rows"), 2000U);
  dump(*days, 86'400 + 600, many(kSecond + 86'950, 3000));
  EXPECT_EQ(keys(*days, "2026-11-29").size(), 2500U);
  EXPECT_EQ(figure(*days, "left_out"), 500U);
  EXPECT_EQ(figure(*days, "failed"), 0U);
}

TEST_F(HostDaysTest, StayInTheFile) {
  dump(*open(), 300, {host("10.0.0.1", kSecond + 10, kSecond + 20)});
  const auto days = open();
  EXPECT_THAT(keys(*days), ElementsAre("10.0.0.1"));
  EXPECT_EQ(figure(*days, "rows"), 1U);
  dump(*days, 600,
       {host("10.0.0.1", kSecond + 10, kSecond + 20), host("10.0.0.2", kSecond, kSecond)});
  EXPECT_THAT(keys(*days), ElementsAre("10.0.0.1", "10.0.0.2")) << "all is looked at again";
}

TEST_F(HostDaysTest, WriteOnlyWhatWasSeenSinceTheLook) {
  const auto days = open();
  const HostRecord idle = host("10.0.0.1", kSecond + 10, kSecond + 20);
  dump(*days, 300, {idle});
  dump(*days, 600, {idle, host("10.0.0.2", kSecond + 500, kSecond + 590)});
  EXPECT_EQ(figure(*days, "written"), 2U);
  EXPECT_EQ(figure(*days, "dumps"), 2U);
}

TEST_F(HostDaysTest, RefuseAFileOfAnotherKind) {
  std::ofstream(file_) << "this is no database, and long enough to be seen as none of them at all";
  HostDayOptions options;
  options.file = file_;
  const auto opened = SqliteHostDays::open(std::move(options));
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("days.sqlite: file is not a database"));
}

}  // namespace
}  // namespace weir
