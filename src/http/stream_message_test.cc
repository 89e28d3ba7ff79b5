// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(StreamMessage, ReadsASubscription) {
  const StreamMessage message = parse_stream_message(
      R"({"op":"sub","id":1,"topic":"hosts","interface":"","filter":"","sort":"bits_per_second","order":"desc","offset":0,)"
      R"("limit":50,"columns":"a,b"})");
  const auto* sub = std::get_if<SubscribeMessage>(&message);
  ASSERT_NE(sub, nullptr);
  EXPECT_EQ(sub->id, 1U);
  EXPECT_EQ(sub->question.resource, "hosts");
  EXPECT_EQ(sub->question.path, "");
  EXPECT_THAT(sub->question.parameters,
              ElementsAre(Pair("columns", "a,b"), Pair("limit", "50"), Pair("offset", "0"),
                          Pair("order", "desc"), Pair("sort", "bits_per_second")));
}

TEST(StreamMessage, MakesEqualQuestionsOfEqualMeaning) {
  const auto first =
      parse_stream_message(R"({"op":"sub","id":1,"topic":"series","seconds":300,"interface":""})");
  const auto second =
      parse_stream_message(R"({"seconds":"300","topic":"series","id":2,"op":"sub"})");
  EXPECT_EQ(std::get<SubscribeMessage>(first).question.parameters,
            std::get<SubscribeMessage>(second).question.parameters);
}

TEST(StreamMessage, SplitsTheTopicOfAnItem) {
  const auto message = parse_stream_message(
      R"({"op":"sub","id":9007199254740992,"topic":"interfaces/pcap:/tmp/x"})");
  const auto& sub = std::get<SubscribeMessage>(message);
  EXPECT_EQ(sub.id, uint64_t{1} << 53);
  EXPECT_EQ(sub.question.resource, "interfaces");
  EXPECT_EQ(sub.question.path, "pcap:/tmp/x");
  EXPECT_THAT(sub.question.parameters, IsEmpty());
}

TEST(StreamMessage, ReadsTheOthers) {
  EXPECT_EQ(std::get<UnsubscribeMessage>(parse_stream_message(R"({"op":"unsub","id":7})")).id, 7U);
  EXPECT_TRUE(std::holds_alternative<PingMessage>(parse_stream_message(R"({"op":"ping"})")));
}

TEST(StreamMessage, SaysWhatIsWrong) {
  const struct {
    const char* text;
    const char* detail;
    const char* parameter;
  } cases[] = {
      {"", "no JSON object", ""},
      {"{", "no JSON object", ""},
      {"[]", "no JSON object", ""},
      {"{} x", "no JSON object", ""},
      {"\xff", "no JSON object", ""},
      {R"({"a":{"b":{"c":{"d":{"e":1}}}}})", "no JSON object", ""},
      {"{}", "op must be", "op"},
      {R"({"op":1})", "op must be", "op"},
      {R"({"op":"subscribe"})", "op must be", "op"},
      {R"({"op":"sub"})", "id must be", "id"},
      {R"({"op":"sub","id":-1})", "id must be", "id"},
      {R"({"op":"sub","id":1.5})", "id must be", "id"},
      {R"({"op":"sub","id":"1"})", "id must be", "id"},
      {R"({"op":"unsub","id":9007199254740993})", "id must be", "id"},
      {R"({"op":"sub","id":1})", "topic must be", "topic"},
      {R"({"op":"sub","id":1,"topic":""})", "topic must be", "topic"},
      {R"({"op":"sub","id":1,"topic":5})", "topic must be", "topic"},
      {R"({"op":"sub","id":1,"topic":"hosts","limit":true})", "limit must be", "limit"},
      {R"({"op":"sub","id":1,"topic":"hosts","filter":["a"]})", "filter must be", "filter"},
      {R"({"op":"sub","id":1,"topic":"hosts","filter":"a\nb"})", "filter must be", "filter"},
  };
  for (const auto& each : cases) {
    const StreamMessage message = parse_stream_message(each.text);
    const auto* bad = std::get_if<BadMessage>(&message);
    ASSERT_NE(bad, nullptr) << each.text;
    EXPECT_THAT(bad->detail, HasSubstr(each.detail)) << each.text;
    EXPECT_EQ(bad->parameter, each.parameter) << each.text;
  }
}

TEST(StreamMessage, HasLimits) {
  const auto is_bad = [](const std::string& members) {
    return std::holds_alternative<BadMessage>(
        parse_stream_message(R"({"op":"sub","id":1,)" + members + "}"));
  };
  EXPECT_TRUE(is_bad(R"("topic":")" + std::string(kMaxTopicBytes + 1, 'a') + "\""));
  EXPECT_TRUE(is_bad(R"("topic":"hosts","filter":")" + std::string(9000, 'a') + "\""));
  EXPECT_TRUE(is_bad(R"("topic":"hosts",")" + std::string(65, 'a') + "\":1"));
  std::string many = R"("topic":"hosts")";
  for (size_t i = 0; i < kMaxStreamParameters; ++i) many += ",\"p" + std::to_string(i) + "\":1";
  EXPECT_FALSE(is_bad(many));
  EXPECT_TRUE(is_bad(many + ",\"more\":1"));
}

TEST(StreamMessage, KeepsTheIdOfABadMessage) {
  EXPECT_EQ(std::get<BadMessage>(parse_stream_message(R"({"op":"sub","id":3})")).id, 3U);
  EXPECT_EQ(std::get<BadMessage>(parse_stream_message("x")).id, std::nullopt);
}

}  // namespace
}  // namespace weir
