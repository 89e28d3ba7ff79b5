// SPDX-License-Identifier: GPL-3.0-or-later
// Series by application, and what holds for those by class, too.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/live_questions.h"
#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::feed;
using test_traffic::questions_about;
using test_traffic::Sent;
using test_traffic::watch;

Sent sent(uint16_t port, uint32_t second, uint32_t length) {
  return {.source_port = 40000, .destination_port = port, .length = length, .when = {second, 0}};
}

const Value::Array& lines_of(const Answer& series) {
  static const Value::Array kNone;
  const auto* lines = series ? (*series)["series"].as<Value::Array>() : nullptr;
  EXPECT_NE(lines, nullptr);
  return lines == nullptr ? kNone : *lines;
}

// "DNS [100,0] Other [0,7]"
std::string told(const Answer& series) {
  std::string text;
  for (const Value& line : lines_of(series))
    text +=
        (text.empty() ? "" : " ") + *line["name"].as<std::string>() + " " + to_json(line["bytes"]);
  return text;
}

uint64_t number(const Value& value) {
  const auto* natural = value.as<uint64_t>();
  return natural == nullptr ? 0 : *natural;
}

// What all lines have in each second.
std::vector<Traffic> sums_of(const Answer& series) {
  std::vector<Traffic> sums;
  for (const Value& line : lines_of(series)) {
    const auto& bytes = *line["bytes"].as<Value::Array>();
    const auto& packets = *line["packets"].as<Value::Array>();
    sums.resize(bytes.size());
    for (size_t i = 0; i < bytes.size(); ++i) sums[i] += {number(packets[i]), number(bytes[i])};
  }
  return sums;
}

TEST(SeriesByApplication, HasTheOnesWithTheMostBytesAndAllElse) {
  const auto eth0 = watch("eth0", {sent(53, 1000, 100), sent(123, 1000, 300), sent(53, 1001, 500),
                                   sent(5353, 1002, 50), sent(123, 1003, 20)});
  const LiveQuestions questions = questions_about({eth0.get()});
  EXPECT_EQ(told(questions.series({"eth0", 4, SeriesBy::kApplication})),
            "DNS [null,100,500,0] NTP [null,300,0,0] MDNS [null,0,0,50] Other [null,0,0,0]");
  EXPECT_EQ(told(questions.series({"eth0", 3, SeriesBy::kApplication, 1})),
            "DNS [100,500,0] Other [300,0,50]");
  EXPECT_EQ(told(questions.series({"eth0", 1, SeriesBy::kApplication, 64})), "MDNS [50] Other [0]")
      << "the most within what was asked for";
}

// A flow tells what it did in a second when it enters another one; whoever asks before that must
// not wait for it, nor whoever asks when it has ended.
TEST(SeriesByApplication, HasWhatFlowsAreStillDoingAndWhatEndedOnesDid) {
  const auto eth0 = watch("eth0", {sent(53, 1000, 100), sent(53, 1000, 20)});
  Shard& shard = *eth0->shards().front();
  const LiveQuestions questions = questions_about({eth0.get()});
  (void)shard.idle({1001, 0});
  EXPECT_EQ(told(questions.series({"", 1, SeriesBy::kApplication})), "DNS [120] Other [0]");
  feed(shard, {sent(123, 1200, 7)});
  for (int i = 0; i < 100 && shard.flows().live() > 1; ++i) (void)shard.idle({1200, 0});
  ASSERT_EQ(shard.flows().live(), 1U);
  EXPECT_EQ(told(questions.series({"", 200, SeriesBy::kApplication})).substr(0, 10), "DNS [120,0");
}

TEST(SeriesByApplication, AddsUpToTheClasses) {
  std::vector<Sent> packets;
  for (uint32_t second = 1000; second < 1250; ++second) {
    for (Sent one : a_second_of_traffic()) {
      one.when.seconds += second - 1000;
      one.length += second % 7;
      packets.push_back(one);
    }
    packets.push_back(sent(second % 2 == 0 ? 5060 : 5353, second, 100 + second % 11));
  }
  std::stable_sort(packets.begin(), packets.end(),
                   [](const Sent& a, const Sent& b) { return a.when < b.when; });
  const auto one = watch("eth0", packets);
  const auto three = watch("eth0", packets, 3);
  const LiveQuestions questions = questions_about({one.get()});
  const auto expected = sums_of(questions.series({"", 300, SeriesBy::kClass}));
  EXPECT_EQ(expected.size(), 300U);
  for (const size_t top : {1, 3, 64}) {
    const Answer by_one = questions.series({"", 300, SeriesBy::kApplication, top});
    EXPECT_EQ(sums_of(by_one), expected);
    // "Other" is what is missing: with all applications that is what carries no IP.
    if (top == 64) {
      const Value& other = lines_of(by_one).back();
      EXPECT_EQ(other["name"], Value("Other"));
      const Answer classes = questions.series({"", 300, SeriesBy::kClass});
      EXPECT_EQ(to_json(other["bytes"]), to_json(lines_of(classes).back()["bytes"]));
    }
    const Answer by_three =
        questions_about({three.get()}).series({"", 300, SeriesBy::kApplication, top});
    EXPECT_EQ(told(by_three), told(by_one)) << "shards are no matter";
  }
}

TEST(SeriesByApplication, RefusesWhatItDoesNotKeep) {
  const auto eth0 = watch("eth0", {});
  const LiveQuestions questions = questions_about({eth0.get()});
  const auto error = [&](const SeriesRequest& request) {
    const Answer answer = questions.series(request);
    return answer ? "none" : answer.error().parameter + ": " + answer.error().message;
  };
  EXPECT_EQ(error({"", 301, SeriesBy::kApplication}), "seconds: from 1 to 300");
  EXPECT_EQ(error({"", 300, SeriesBy::kApplication, 0}), "top: from 1 to 64");
  EXPECT_EQ(error({"", 300, SeriesBy::kApplication, 65}), "top: from 1 to 64");
  EXPECT_EQ(error({"", 300, SeriesBy::kApplication, 64}), "none");
}

}  // namespace
}  // namespace weir
