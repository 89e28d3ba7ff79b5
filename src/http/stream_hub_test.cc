// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/stream_answer.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A hub whose questions are answered when the test says so.
class StreamHubTest : public ::testing::Test {
 protected:
  struct Running {
    StreamHub::QuestionId id;
    ScriptRequest request;
  };

  std::vector<std::string> frames(StreamHub::ClientId client) {
    std::vector<std::string> out;
    while (auto frame = hub_.next_frame(client)) out.push_back(frame->text());
    return out;
  }
  // Answers the oldest question that runs.
  void answer(const std::string& body, int status = 200) {
    ASSERT_FALSE(running_.empty());
    const Running first = running_.front();
    running_.erase(running_.begin());
    hub_.answered(first.id, {status, "application/json", body});
  }
  void subscribe(StreamHub::ClientId client, int id, const std::string& topic) {
    hub_.receive(client,
                 R"({"op":"sub","id":)" + std::to_string(id) + R"(,"topic":")" + topic + "\"}");
  }

  bool is_full_ = false;
  std::vector<Running> running_;
  int woken_ = 0;
  StreamHub hub_{[this](StreamHub::QuestionId id, const ScriptRequest& request) {
                   if (is_full_) return false;
                   running_.push_back({id, request});
                   return true;
                 },
                 [] { return 1234.5; }, 2};
  StreamHub::ClientId a_ = hub_.add_client([this] { ++woken_; });
  StreamHub::ClientId b_ = hub_.add_client([this] { ++woken_; });
};

TEST_F(StreamHubTest, SendsASnapshotAtOnceAndAnUpdateEachTick) {
  subscribe(a_, 1, "hosts");
  answer(R"({"rows":[]})");
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"snap","id":1,"seq":0,"rows":[]})"));
  hub_.tick();
  answer(R"({"rows":[1]})");
  hub_.tick();
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"upd","id":1,"seq":1,"rows":[1]})"));
  answer("{}");
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"upd","id":1,"seq":2})"));
  EXPECT_THAT(frames(b_), IsEmpty());
}

TEST_F(StreamHubTest, EvaluatesOneQuestionOnceForAllWhoAsk) {
  subscribe(a_, 1, "hosts");
  subscribe(b_, 9, "hosts");
  EXPECT_EQ(running_.size(), 1U);
  answer(R"({"t":1})");
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"snap","id":1,"seq":0,"t":1})"));
  EXPECT_THAT(frames(b_), ElementsAre(R"({"op":"snap","id":9,"seq":0,"t":1})"));
  subscribe(b_, 10, "hosts");
  EXPECT_THAT(frames(b_), ElementsAre(R"({"op":"snap","id":10,"seq":0,"t":1})"));
  hub_.tick();
  EXPECT_EQ(running_.size(), 1U);
  EXPECT_EQ(hub_.statistics().evaluations, 2U);
  EXPECT_EQ(hub_.statistics().questions, 1U);
  EXPECT_EQ(hub_.statistics().subscriptions, 3U);
}

TEST_F(StreamHubTest, EvaluatesNothingWhenNobodyAsks) {
  hub_.tick();
  EXPECT_THAT(running_, IsEmpty());
  subscribe(a_, 1, "hosts");
  answer("{}");
  hub_.receive(a_, R"({"op":"unsub","id":1})");
  hub_.tick();
  EXPECT_THAT(running_, IsEmpty());
  subscribe(a_, 1, "hosts");
  hub_.remove_client(a_);
  answer("{}");
  hub_.tick();
  EXPECT_THAT(running_, IsEmpty());
  EXPECT_EQ(hub_.statistics().questions, 0U);
  EXPECT_EQ(hub_.statistics().subscriptions, 0U);
  EXPECT_EQ(hub_.statistics().clients, 1U);
}

TEST_F(StreamHubTest, KeepsOneFramePerSubscriptionForASlowClient) {
  subscribe(a_, 1, "hosts");
  answer(R"({"t":0})");
  for (int t = 1; t <= 1000; ++t) {
    hub_.tick();
    answer(R"({"t":)" + std::to_string(t) + "}");
  }
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"snap","id":1,"seq":0,"t":1000})"));
  EXPECT_EQ(hub_.statistics().frames_replaced, 1000U);
}

TEST_F(StreamHubTest, SkipsATickForAQuestionThatStillRuns) {
  subscribe(a_, 1, "hosts");
  hub_.tick();
  hub_.tick();
  EXPECT_EQ(running_.size(), 1U);
  answer("{}");
  EXPECT_THAT(running_, IsEmpty());
}

TEST_F(StreamHubTest, EvaluatesWhatThereIsNewsOfAtOnce) {
  subscribe(a_, 1, "events");
  subscribe(a_, 2, "hosts");
  answer(R"({"t":0})");
  answer(R"({"t":0})");
  hub_.refresh("events");
  ASSERT_EQ(running_.size(), 1U);
  EXPECT_EQ(running_.front().request.resource, "events");
  hub_.refresh("events");
  hub_.refresh("events");
  EXPECT_EQ(running_.size(), 1U);
  answer(R"({"t":1})");
  EXPECT_EQ(running_.size(), 1U) << "again, since there was news meanwhile";
  answer(R"({"t":2})");
  EXPECT_THAT(running_, IsEmpty());
  hub_.refresh("flows");
  EXPECT_THAT(running_, IsEmpty());
}

TEST_F(StreamHubTest, RunsAFewQuestionsAtATimeAndTheOthersInTurn) {
  for (int i = 0; i < 5; ++i) subscribe(a_, i, "t" + std::to_string(i));
  std::vector<std::string> order;
  while (!running_.empty()) {
    EXPECT_LE(running_.size(), 2U);
    order.push_back(running_.front().request.resource);
    answer("{}");
  }
  EXPECT_THAT(order, ElementsAre("t0", "t1", "t2", "t3", "t4"));
}

TEST_F(StreamHubTest, TriesAgainAtTheNextTickWhenTheWorkersAreBusy) {
  is_full_ = true;
  subscribe(a_, 1, "hosts");
  subscribe(a_, 2, "flows");
  is_full_ = false;
  hub_.tick();
  EXPECT_EQ(running_.size(), 2U);
  answer("{}");
  answer("{}");
  EXPECT_EQ(frames(a_).size(), 2U);
}

TEST_F(StreamHubTest, EndsABadQuestionWithAnError) {
  subscribe(a_, 1, "hosts");
  subscribe(b_, 2, "hosts");
  answer(R"({"status":400,"parameter":"filter","column":7})", 400);
  EXPECT_THAT(frames(a_),
              ElementsAre(R"({"op":"err","id":1,"status":400,"parameter":"filter","column":7})"));
  EXPECT_THAT(frames(b_), ElementsAre(HasSubstr(R"({"op":"err","id":2,)")));
  hub_.tick();
  EXPECT_THAT(running_, IsEmpty());
  EXPECT_EQ(hub_.statistics().subscriptions, 0U);
}

TEST_F(StreamHubTest, TellsOtherErrorsOnceAndAsksOn) {
  subscribe(a_, 1, "hosts/10.0.0.1");
  answer(R"({"status":404})", 404);
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"err","id":1,"status":404})"));
  hub_.tick();
  answer(R"({"status":404})", 404);
  EXPECT_THAT(frames(a_), IsEmpty());
  subscribe(b_, 1, "hosts/10.0.0.1");
  EXPECT_THAT(frames(b_), ElementsAre(R"({"op":"err","id":1,"status":404})"));
  hub_.tick();
  answer(R"({"key":"10.0.0.1"})");
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"snap","id":1,"seq":0,"key":"10.0.0.1"})"));
}

TEST_F(StreamHubTest, ReplacesASubscriptionOfTheSameId) {
  subscribe(a_, 1, "hosts");
  answer(R"({"t":1})");
  subscribe(a_, 1, "flows");
  answer(R"({"t":2})");
  EXPECT_THAT(frames(a_), ElementsAre(R"({"op":"snap","id":1,"seq":0,"t":2})"));
  EXPECT_EQ(hub_.statistics().questions, 1U);
}

TEST_F(StreamHubTest, TakesOnlySoManySubscriptions) {
  for (size_t i = 0; i <= StreamHub::kMaxSubscriptions; ++i)
    subscribe(a_, static_cast<int>(i), "hosts");
  EXPECT_EQ(hub_.statistics().subscriptions, StreamHub::kMaxSubscriptions);
  EXPECT_THAT(frames(a_), ElementsAre(HasSubstr("more than 64 subscriptions")));
  subscribe(a_, 0, "flows");
  EXPECT_EQ(hub_.statistics().subscriptions, StreamHub::kMaxSubscriptions);
}

TEST_F(StreamHubTest, AnswersPingsAndNonsense) {
  hub_.receive(a_, R"({"op":"ping"})");
  hub_.receive(a_, "nonsense");
  hub_.receive(a_, R"({"op":"unsub","id":5})");
  EXPECT_EQ(woken_, 3);
  EXPECT_THAT(
      frames(a_),
      ElementsAre(
          R"({"op":"pong","time":1234.500})",
          R"({"op":"err","status":400,"title":"Bad Request","detail":"the message is no JSON object"})"));
}

TEST_F(StreamHubTest, KeepsFewNoticesForAClientThatDoesNotRead) {
  for (int i = 0; i < 10'000; ++i) hub_.receive(a_, "nonsense");
  EXPECT_EQ(frames(a_).size(), StreamOutbox::kMaxNotices);
}

TEST_F(StreamHubTest, IgnoresClientsAndQuestionsThatAreGone) {
  hub_.remove_client(a_);
  hub_.remove_client(a_);
  hub_.receive(a_, R"({"op":"ping"})");
  EXPECT_THAT(frames(a_), IsEmpty());
}

TEST(StreamAnswerTest, LeavesOutTheIdOfAnItemOnly) {
  const auto body = [](const std::string& text) {
    return to_stream_answer({200, "application/json", text}).body;
  };
  EXPECT_EQ(body(R"({"a":1,"id":"x,}\"y","z":[{"id":2}]})"), R"({"a":1,"z":[{"id":2}]})");
  EXPECT_EQ(body(R"({"a":{"id":1},"id":{"b":[1,2]}})"), R"({"a":{"id":1}})");
  EXPECT_EQ(body(R"({"id":1,"z":2})"), R"({"z":2})");
  EXPECT_EQ(body(R"({"id":1})"), "{}");
  EXPECT_EQ(body(R"({"rows":[{"id":"1"}],"xid":1})"), R"({"rows":[{"id":"1"}],"xid":1})");
  EXPECT_EQ(body("{}"), "{}");
}

TEST(StreamAnswerTest, RefusesCsv) {
  const StreamAnswer answer =
      to_stream_answer({200, "text/csv; charset=utf-8; header=present", "key\r\n"});
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr(R"("parameter":"format")"));
}

TEST(StreamAnswerTest, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "hello", "{"})
    EXPECT_EQ(to_stream_answer({200, "text/plain", text}).status, 500) << text;
}

}  // namespace
}  // namespace weir
