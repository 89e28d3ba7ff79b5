// SPDX-License-Identifier: GPL-3.0-or-later
// lib/hours.lua: what interfaces carried in each hour, over restarts of weir and whatever its clock
// does.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kHour = 3600;
constexpr uint64_t kStart = 472'220 * kHour;  // of the hour that tests begin in

// Interfaces whose counters the test moves.
class CountingInterfaces final : public FakeQuestions {
 public:
  struct Counters {
    uint64_t bytes = 0;
    uint64_t packets = 0;
    std::string state = "running";
  };
  std::map<std::string, Counters> counters;
  double uptime = 0;

  [[nodiscard]] Answer interfaces(const ListRequest& request) const override {
    EXPECT_EQ(request.sort, "id");
    EXPECT_FALSE(request.descending);
    Value::Array rows;
    for (const auto& [id, counted] : counters) {
      if (rows.size() == request.limit) break;
      Value row;
      row.set("id", id);
      row.set("state", counted.state);
      row.set("bytes", counted.bytes);
      row.set("packets", counted.packets);
      rows.push_back(std::move(row));
    }
    Value answer;
    answer.set("time", time.load());
    answer.set("rows", std::move(rows));
    return answer;
  }
  [[nodiscard]] Answer health() const override {
    Value answer;
    answer.set("uptime_s", uptime);
    return answer;
  }
};

class HoursScripts : public BundledScripts<CountingInterfaces> {
 protected:
  // It is so many seconds after kStart, and weir has run for so long.
  void be_at(double after, double uptime) {
    questions_.time = static_cast<double>(kStart) + after;
    questions_.uptime = uptime;
  }
  void end_hour(double after, double uptime) {
    be_at(after, uptime);
    EXPECT_EQ(runner_->run({"traffic", "", {}, "cron/hour"}).status, 200);
    EXPECT_THAT(errors_, IsEmpty());
  }
  void count(uint64_t bytes, uint64_t packets) {
    questions_.counters["eth0"].bytes = bytes;
    questions_.counters["eth0"].packets = packets;
  }
  std::string ask(Parameters parameters = {}) {
    const std::string body = runner_->run({"hours", "", std::move(parameters)}).body;
    EXPECT_THAT(errors_, IsEmpty());
    return body;
  }
  // The rows as the answer has them, without their brackets.
  std::string rows(Parameters parameters = {}) {
    const std::string body = ask(std::move(parameters));
    const size_t begin = body.find('[') + 1;
    return body.substr(begin, body.rfind(']') - begin);
  }
  // One of them: of the hour that began so many seconds after kStart.
  static std::string row(int64_t after, uint64_t bytes, uint64_t packets, uint64_t seconds,
                         const std::string& interface = "eth0") {
    const uint64_t rate = (2 * 8 * bytes + seconds) / (2 * seconds);
    return R"({"bits_per_second":)" + std::to_string(rate) + R"(,"bytes":)" +
           std::to_string(bytes) + R"(,"interface":")" + interface + R"(","packets":)" +
           std::to_string(packets) + R"(,"seconds":)" + std::to_string(seconds) + R"(,"time":)" +
           std::to_string(static_cast<int64_t>(kStart) + after) + "}";
  }
};

TEST_F(HoursScripts, KeepWhatEachHourCarried) {
  count(1'000, 10);
  be_at(1800, 1200);  // began at ten past
  EXPECT_EQ(rows(), row(0, 1'000, 10, 1200)) << "the running hour, before any has ended";
  count(3'000, 30);
  end_hour(3600.02, 3000.02);
  EXPECT_EQ(rows(), row(0, 3'000, 30, 3000)) << "all that was counted, in the part since the start";
  count(10'000, 50);
  be_at(4200, 3600);
  EXPECT_EQ(rows(), row(3600, 7'000, 20, 600) + "," + row(0, 3'000, 30, 3000));
  count(12'000, 60);
  end_hour(7200.01, 6600.01);
  EXPECT_EQ(rows(), row(3600, 9'000, 30, 3600) + "," + row(0, 3'000, 30, 3000));
  end_hour(10800, 10200);
  EXPECT_EQ(rows({{"limit", "1"}}), row(7200, 0, 0, 3600)) << "nothing, and it was watched";
}

TEST_F(HoursScripts, CountFromTheBeginningAfterARestart) {
  count(5'000, 50);
  end_hour(0, 3600);
  count(700, 7);  // since weir began again
  be_at(2000, 200);
  EXPECT_EQ(rows({{"limit", "1"}}), row(0, 700, 7, 200));
  count(9'000, 90);  // more than before, which does not make it another thing
  end_hour(3600, 1800);
  EXPECT_EQ(rows({{"limit", "1"}}), row(0, 9'000, 90, 1800));
}

TEST_F(HoursScripts, HaveNothingOfHoursInWhichWeirWasDown) {
  count(5'000, 50);
  end_hour(0, 600);
  count(800, 8);
  end_hour(5 * 3600, 900);
  EXPECT_EQ(rows(), row(4 * 3600, 800, 8, 900) + "," + row(-3600, 5'000, 50, 600));
}

TEST_F(HoursScripts, BeginWithTheNextHourWhereNothingIsKnownOfTheLast) {
  count(1'000'000, 1'000);
  be_at(0, 90'000);
  EXPECT_EQ(rows(), "");
  end_hour(0, 90'000);
  EXPECT_EQ(rows(), "");
  count(1'000'100, 1'001);
  end_hour(3600, 93'600);
  EXPECT_EQ(rows(), row(0, 100, 1, 3600));
}

TEST_F(HoursScripts, AddUpWhatAClockThatIsSetBackDivides) {
  count(1'000, 10);
  end_hour(0, 1800);
  count(2'000, 20);
  end_hour(3600, 5400);
  count(2'100, 21);
  end_hour(3595, 5415);
  count(2'200, 22);
  end_hour(3600, 5420);
  count(3'200, 32);
  end_hour(7200, 9020);
  EXPECT_EQ(rows(), row(3600, 1'100, 11, 3605) + "," + row(0, 1'100, 11, 3615) + "," +
                        row(-3600, 1'000, 10, 1800))
      << "nothing twice, nothing lost";
}

TEST_F(HoursScripts, BeginWhereLocalHoursDo) {
  count(1'000, 10);
  end_hour(1800, 1000);  // as in India
  count(3'000, 30);
  end_hour(5400.05, 4600.05);
  be_at(5500, 4700);
  EXPECT_EQ(rows(), row(5400, 0, 0, 100) + "," + row(1800, 2'000, 20, 3600) + "," +
                        row(-1800, 1'000, 10, 1000));
}

TEST_F(HoursScripts, HaveNoHourInWhichAnInterfaceWasNotWatched) {
  count(1'000, 10);
  questions_.counters["eth0"].state = "ended";
  end_hour(0, 60);
  end_hour(3600, 3660);
  EXPECT_EQ(rows(), row(-3600, 1'000, 10, 60)) << "its file was read to its end before";
}

TEST_F(HoursScripts, TakeAnyBytesForAName) {
  const std::string name = "a/b:%41 \xff\"";
  questions_.counters[name] = {500, 5, "running"};
  end_hour(0, 3600);
  EXPECT_EQ(rows({{"interface", name}}), row(-3600, 500, 5, 3600, "a/b:%41 \xEF\xBF\xBD\\\""));
  questions_.counters.clear();
  end_hour(3600, 7200);
  EXPECT_EQ(rows({{"interface", name}}), row(-3600, 500, 5, 3600, "a/b:%41 \xEF\xBF\xBD\\\""))
      << "it is gone, its hours are not";
  questions_.counters[name] = {40, 4, "running"};
  end_hour(7200, 600);
  EXPECT_EQ(rows({{"interface", name}, {"limit", "1"}}),
            row(3600, 40, 4, 600, "a/b:%41 \xEF\xBF\xBD\\\""))
      << "it came back";
}

TEST_F(HoursScripts, KeepFourWeeks) {
  for (uint64_t hour = 1; hour <= 700; ++hour) {
    count(hour * 1'000, hour);
    end_hour(static_cast<double>(hour * kHour), static_cast<double>(hour * kHour));
  }
  EXPECT_THAT(ask({{"days", "28"}, {"limit", "0"}}), HasSubstr(R"("total":672})"));
  EXPECT_THAT(ask({{"limit", "0"}}), HasSubstr(R"("total":168})")) << "seven days, else";
  EXPECT_THAT(ask({{"days", "1"}, {"limit", "0"}}), HasSubstr(R"("total":24})"));
  EXPECT_EQ(rows({{"days", "28"}, {"order", "asc"}, {"limit", "1"}}),
            row(28 * 3600, 1'000, 1, 3600));
}

TEST_F(HoursScripts, KnowSoManyInterfacesAndForgetThoseThatAreGoneLongest) {
  const auto replace_all = [this](const std::string& prefix, int number) {
    questions_.counters.clear();
    for (int i = 0; i < number; ++i)
      questions_.counters[prefix + std::to_string(100 + i)] = {80, 8, "running"};
  };
  replace_all("a", 40);
  end_hour(0, 600);
  replace_all("b", 40);
  end_hour(3600, 600);
  const auto total = [this] { return ask({{"limit", "0"}}); };
  EXPECT_THAT(total(), HasSubstr(R"("total":64})")) << "40 that are there, 24 that were";
  EXPECT_EQ(runner_->run({"hours", "", {{"interface", "a139"}}}).status, 404);
  EXPECT_EQ(runner_->run({"hours", "", {{"interface", "a100"}}}).status, 200);
  replace_all("c", 70);
  end_hour(7200, 600);
  EXPECT_THAT(total(), HasSubstr(R"("total":64})")) << "of those that are there the first";
  EXPECT_EQ(runner_->run({"hours", "", {{"interface", "b100"}}}).status, 404);
  replace_all("d", 1);
  end_hour(7200 + 29 * 24 * 3600, 600);
  EXPECT_THAT(ask({{"limit", "0"}, {"days", "28"}}), HasSubstr(R"("total":1})"));
  EXPECT_EQ(runner_->run({"hours", "", {{"interface", "c100"}}}).status, 404) << "too old";
}

TEST_F(HoursScripts, AreAListLikeOthers) {
  EXPECT_EQ(ask(), R"({"offset":0,"rows":[],"time":1000,"total":0})");
  count(1'000, 10);
  questions_.counters["eth1"] = {10, 1, "running"};
  end_hour(3600, 3600);
  EXPECT_EQ(rows(), row(0, 1'000, 10, 3600) + "," + row(0, 10, 1, 3600, "eth1"));
  EXPECT_EQ(rows({{"interface", "eth1"}, {"columns", "bytes"}}), R"({"bytes":10})");
  EXPECT_EQ(rows({{"sort", "bytes"}, {"order", "asc"}, {"limit", "1"}}),
            row(0, 10, 1, 3600, "eth1"));
  EXPECT_EQ(ask({{"format", "csv"}, {"columns", "interface,seconds"}}),
            "interface,seconds\r\neth0,3600\r\neth1,3600\r\n");
  EXPECT_THAT(ask({{"interface", "eth9"}}), HasSubstr(R"("parameter":"interface")"));
  EXPECT_THAT(ask({{"days", "29"}}), HasSubstr(R"("parameter":"days")"));
  EXPECT_THAT(ask({{"filter", "x"}}), HasSubstr("unknown parameter filter"));
  EXPECT_EQ(runner_->run({"hours", "eth0", {}}).status, 404);
}

}  // namespace
}  // namespace weir
