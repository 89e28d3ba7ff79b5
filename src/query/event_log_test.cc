// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::HasSubstr;

class EventLogTest : public ::testing::Test {
 protected:
  void tell(const std::string& json, double after = 0) {
    now_ += after;
    log_.put(json);
  }
  // "value:count[counts]" of each row, then those of the rest.
  std::string counts(const EventCountsRequest& request) {
    const Result<Value> answer = log_.counts(request);
    if (!answer) return answer.error().message;
    std::string text;
    for (const Value& row : *(*answer)["rows"].as<Value::Array>())
      text += *row["value"].as<std::string>() + ":" + to_json(row["count"]) +
              to_json(row["counts"]) + " ";
    return text + "other:" + to_json((*answer)["other"]["count"]);
  }

  double now_ = 1'000'000'020;
  EventLog log_{size_t{1} << 20, [this] { return now_; }};
};

TEST_F(EventLogTest, CountsByAnyField) {
  tell(R"({"event":"netfilter","action":"drop","source":"10.0.0.1"})");
  tell(R"({"event":"netfilter","action":"drop","source":"10.0.0.2"})", 60);
  tell(R"({"event":"netfilter","action":"accept","source":"10.0.0.1"})");
  tell(R"({"event":"suricata","alert":{"signature":"scan","severity":2}})");
  EventCountsRequest request{.seconds = 180};
  EXPECT_EQ(counts(request), "netfilter:3[0,1,2] suricata:1[0,0,1] other:0");
  request.by = "action";
  EXPECT_EQ(counts(request), "drop:2[0,1,1] accept:1[0,0,1] other:0");
  request.by = "alert.signature";
  EXPECT_EQ(counts(request), "scan:1[0,0,1] other:0");
  request.by = "alert.severity";
  EXPECT_EQ(counts(request), "2:1[0,0,1] other:0");
  request.by = "source";
  request.limit = 1;
  EXPECT_EQ(counts(request), "10.0.0.1:2[0,1,1] other:1");
  request.event = "suricata";
  EXPECT_EQ(counts(request), "other:0");
  const Value answer = *log_.counts(request);
  EXPECT_EQ(answer["total"], Value(uint64_t{1}));
  EXPECT_EQ(answer["without"], Value(uint64_t{1}));
  EXPECT_EQ(to_json(answer["fields"]), R"([{"name":"alert.severity","events":1},)"
                                       R"({"name":"alert.signature","events":1},)"
                                       R"({"name":"event","events":1}])");
}

TEST_F(EventLogTest, BarsStayWhereTheyAreWhileTimeGoesOn) {
  tell(R"({"event":"a"})");
  EXPECT_EQ(counts({.seconds = 120}), "a:1[0,1] other:0");
  now_ += 59;
  EXPECT_EQ(counts({.seconds = 120}), "a:1[0,1] other:0");
  now_ += 60;
  EXPECT_EQ(counts({.seconds = 120}), "a:1[1,0] other:0");
  now_ += 60;
  EXPECT_EQ(counts({.seconds = 120}), "other:0");
}

TEST_F(EventLogTest, TakesWhatIsAnEventAndNoMoreThanItsBytes) {
  for (const char* nonsense : {"", "x", "[]", "{}", R"({"event":1})", "{\"event\":\"a\""})
    tell(nonsense);
  EXPECT_THAT(to_json(log_.statistics()), HasSubstr(R"("events":0,"bytes":0)"));
  EXPECT_THAT(to_json(log_.statistics()), HasSubstr(R"("unread":6)"));
  const std::string filler(1000, 'x');
  for (int i = 0; i < 2000; ++i)
    tell(R"({"event":"e)" + std::to_string(i) + R"(","text":")" + filler + "\"}");
  const Value statistics = log_.statistics();
  EXPECT_LE(*statistics["bytes"].as<uint64_t>(), size_t{1} << 20);
  EXPECT_EQ(*statistics["events"].as<uint64_t>() + *statistics["dropped"].as<uint64_t>(), 2000U);
  EXPECT_EQ((*log_.counts({.event = "e1999"}))["total"], Value(uint64_t{1}));
  EXPECT_EQ((*log_.counts({.event = "e0"}))["total"], Value(uint64_t{0})) << "the oldest went";
}

TEST_F(EventLogTest, SaysWhatDidNotCome) {
  log_.miss(3);
  log_.miss(4);
  EXPECT_THAT(to_json(log_.statistics()), HasSubstr(R"("missed":7)"));
}

TEST_F(EventLogTest, KeepsToItsBounds) {
  for (int i = 0; i < 300; ++i) {
    tell(R"({"event":"a","f)" + std::to_string(i) + R"(":1,"deep":{"b":{"c":{"d":1}}}})");
  }
  const Value answer = *log_.counts({.by = "deep.b.c.d"});
  EXPECT_EQ(answer["fields"].as<Value::Array>()->size(), EventLog::kMaxFields);
  EXPECT_EQ(answer["without"], Value(uint64_t{0})) << "found though it is too deep to be named";
  EXPECT_THAT(counts({.seconds = 0}), HasSubstr("seconds is to be"));
  EXPECT_THAT(counts({.seconds = EventLog::kMaxSeconds + 1}), HasSubstr("seconds is to be"));
  EXPECT_THAT(counts({.seconds = 60, .step = 61}), HasSubstr("step is to be"));
  EXPECT_THAT(counts({.seconds = 60, .step = 0}), HasSubstr("step is to be"));
  EXPECT_THAT(counts({.seconds = EventLog::kMaxSeconds, .step = 1}), HasSubstr("larger step"));
  EXPECT_THAT(counts({.limit = 101}), HasSubstr("limit is to be"));
  EXPECT_EQ(counts({.by = ""}), "other:0");
  EXPECT_EQ(counts({.by = "..."}), "other:0");
  EXPECT_EQ(counts({.by = "event.x"}), "other:0");
}

}  // namespace
}  // namespace weir
