// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/live_questions.h"

#include <gtest/gtest.h>

#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::questions_about;
using test_traffic::Sent;
using test_traffic::watch;

std::string json(const Answer& answer) {
  return answer ? to_json(*answer) : answer.error().parameter + ": " + answer.error().message;
}
std::string line(const Answer& series, size_t index, std::string_view member) {
  return to_json((*(*series)["series"].as<Value::Array>())[index][member]);
}

TEST(LiveInterface, AddsUpItsPackets) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer answer = questions.interface("eth0");
  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)["name"], Value("the eth0"));
  EXPECT_EQ((*answer)["state"], Value("running"));
  EXPECT_EQ((*answer)["packets"], Value(uint64_t{9}));
  EXPECT_EQ((*answer)["bytes"], Value(uint64_t{1804}));
  EXPECT_EQ((*answer)["bits_per_second"], Value(uint64_t{804 * 8}));
  EXPECT_EQ((*answer)["packets_per_second"], Value(uint64_t{8}));
  EXPECT_EQ((*answer)["flows"], Value(uint64_t{4}));
  EXPECT_EQ((*answer)["hosts"], Value(uint64_t{6}));
  EXPECT_EQ((*answer)["first_seen"], Value(1000.0));
  EXPECT_EQ((*answer)["last_seen"], Value(1001.0));
  EXPECT_EQ(
      to_json((*answer)["protocols"]),
      R"([{"name":"UDP","packets":4,"bytes":1330,"flows":2},{"name":"TCP","packets":3,"bytes":350,"flows":1},)"
      R"({"name":"ICMP","packets":1,"bytes":64,"flows":1}])");
  EXPECT_EQ(to_json((*answer)["ethertypes"]), R"([{"name":"ARP","packets":1,"bytes":60}])");
  EXPECT_EQ(to_json((*answer)["not_decoded"]), "{}");
  EXPECT_EQ(to_json((*answer)["other"]), R"({"packets":0,"bytes":0})");
  // The ACK of that handshake has the number of its SYN.
  EXPECT_EQ(to_json((*answer)["tcp"]),
            R"({"retransmissions":0,"out_of_order":0,"lost_segments":0,"duplicate_acks":0,)"
            R"("zero_windows":0,"keep_alives":1,"resets":0})");
}

TEST(LiveInterface, CountsWhatCannotBeDecodedByReason) {
  const auto eth0 = watch("eth0", {{.length = 10, .frame = test_packets::hex("0102030405")}});
  const Answer answer = questions_about({eth0.get()}).interface("eth0");
  ASSERT_TRUE(answer);
  const auto* reasons = (*answer)["not_decoded"].as<Value::Object>();
  ASSERT_EQ(reasons->size(), 1U);
  EXPECT_EQ(reasons->front().second, Value(uint64_t{1}));
}

TEST(LiveInterface, AddsUpWhatHappenedToTcpPacketsOfFlowsOpenAndOver) {
  const Sent reset{.protocol = kProtocolTcp, .tcp_flags = 4};
  Sent later = reset;
  later.source = "10.0.0.9";
  later.when = {2000, 0};
  const auto eth0 = watch("eth0", {reset, reset, later}, 2);
  eth0->shards().front()->finish();
  const Answer answer = questions_about({eth0.get()}).interface("eth0");
  ASSERT_TRUE(answer);
  EXPECT_EQ((*answer)["tcp"]["resets"], Value(uint64_t{3}));
}

TEST(LiveInterface, SaysHowItEnded) {
  const auto good = watch("good", {});
  const auto torn = watch("torn", {}, 1, 1);
  good->end("");
  torn->end("cut short");
  torn->input(0).kernel_drops.set(7);
  const LiveQuestions questions = questions_about({good.get(), torn.get()});
  EXPECT_EQ(
      json(questions.interfaces(
          {.sort = "id", .columns = {"id", "state", "error", "kernel_drops", "first_seen"}})),
      R"({"time":2000,"total":2,"offset":0,"rows":[{"id":"torn","state":"failed","error":"cut short","kernel_drops":7},)"
      R"({"id":"good","state":"ended","kernel_drops":0}]})");
  EXPECT_EQ(json(questions.interfaces({.filter = "state = failed", .columns = {"id"}})),
            R"({"time":2000,"total":1,"offset":0,"rows":[{"id":"torn"}]})");
}

TEST(LiveInterface, ThatIsNotThereIsNotFound) {
  const auto eth0 = watch("eth0", {});
  const LiveQuestions questions = questions_about({eth0.get()});
  for (const char* id : {"", "eth1", "eth"}) {
    const Answer answer = questions.interface(id);
    ASSERT_FALSE(answer) << id;
    EXPECT_EQ(answer.error().kind, QueryError::Kind::kNotFound);
  }
}

TEST(LiveSeries, TellsSilenceFromNotLooking) {
  const auto eth0 = watch("eth0", {{.length = 100, .when = {1000, 5}},
                                   {.length = 50, .when = {1000, 6}},
                                   {.protocol = kProtocolTcp, .length = 60, .when = {1003, 0}}});
  eth0->shards().front()->idle({1005, 0});
  const Answer series = questions_about({eth0.get()}).series({"eth0", 8, SeriesBy::kClass});
  ASSERT_TRUE(series);
  EXPECT_EQ((*series)["start"], Value(uint64_t{997}));
  EXPECT_EQ((*series)["step"], Value(1));
  EXPECT_EQ(line(series, 0, "name"), "\"TCP\"");
  EXPECT_EQ(line(series, 0, "bytes"), "[null,null,null,0,0,0,60,0]");
  EXPECT_EQ(line(series, 1, "bytes"), "[null,null,null,150,0,0,0,0]");
  EXPECT_EQ(line(series, 1, "packets"), "[null,null,null,2,0,0,0,0]");
  EXPECT_EQ(line(series, 4, "name"), "\"Non-IP\"");
  EXPECT_EQ(line(series, 4, "packets"), "[null,null,null,0,0,0,0,0]");
}

TEST(LiveSeries, AddsUpInterfacesThatLookedAtDifferentTimes) {
  const auto eth0 =
      watch("eth0", {{.length = 100, .when = {1000, 0}}, {.length = 100, .when = {1002, 0}}});
  const auto eth1 =
      watch("eth1", {{.length = 7, .when = {1001, 0}}, {.length = 9, .when = {1004, 0}}}, 1, 1);
  const LiveQuestions questions = questions_about({eth0.get(), eth1.get()});
  EXPECT_EQ(line(questions.series({"", 5, SeriesBy::kClass}), 1, "bytes"), "[null,100,7,0,0]");
  EXPECT_EQ(line(questions.series({"eth0", 3, SeriesBy::kClass}), 1, "bytes"), "[null,100,0]");
  EXPECT_EQ(line(questions.series({"eth1", 3, SeriesBy::kClass}), 1, "bytes"), "[7,0,0]");
}

TEST(LiveSeries, TellsDirectionsAndPeaks) {
  const auto eth0 =
      watch("eth0", {{.destination = "192.0.2.1", .length = 100, .when = {1000, 0}},
                     {.destination = "192.0.2.1", .length = 100, .when = {1000, 1}},
                     {.source = "192.0.2.1", .length = 40, .when = {1000, 500'000'000}},
                     {.length = 7, .when = {1002, 0}}});
  eth0->shards().front()->idle({1003, 0});
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer series = questions.series({"eth0", 4, SeriesBy::kDirection});
  ASSERT_TRUE(series);
  EXPECT_EQ(line(series, 0, "name"), "\"in\"");
  EXPECT_EQ(line(series, 0, "bytes"), "[null,40,0,0]");
  EXPECT_EQ(line(series, 1, "name"), "\"out\"");
  EXPECT_EQ(line(series, 1, "bytes"), "[null,200,0,0]");
  EXPECT_EQ(line(series, 1, "packets"), "[null,2,0,0]");
  EXPECT_EQ(line(series, 2, "name"), "\"within\"");
  EXPECT_EQ(line(series, 2, "bytes"), "[null,0,0,7]");
  EXPECT_EQ(line(series, 3, "name"), "\"through\"");
  EXPECT_EQ(line(series, 3, "bytes"), "[null,0,0,0]");
  EXPECT_EQ(to_json((*series)["peaks"]), R"({"window_ms":10,"bytes":[null,200,null,7]})");
  EXPECT_EQ((*questions.series({"eth0", 4, SeriesBy::kClass}))["peaks"], (*series)["peaks"]);
}

TEST(LiveSeries, RefusesLengthsItDoesNotKeep) {
  const auto eth0 = watch("eth0", {});
  const LiveQuestions questions = questions_about({eth0.get()});
  EXPECT_EQ(json(questions.series({"", 0, SeriesBy::kClass})), "seconds: from 1 to 3600");
  EXPECT_EQ(json(questions.series({"", 3601, SeriesBy::kClass})), "seconds: from 1 to 3600");
  EXPECT_EQ(json(questions.series({"eth7", 5, SeriesBy::kClass})),
            "interface: there is no interface \"eth7\"");
  EXPECT_EQ(line(questions.series({"", 3600, SeriesBy::kClass}), 0, "bytes"), "[]")
      << "no packet yet, no time";
}

TEST(LiveHealth, TellsWhereWhichPartOfThePacketsWasLost) {
  const auto eth0 = watch("eth0", a_second_of_traffic());  // 9 packets
  InputStatus& input = eth0->input(0);
  const auto row_of = [&] {
    return (*(*questions_about({eth0.get()}).health())["interfaces"].as<Value::Array>())[0];
  };
  EXPECT_EQ(row_of()["completeness"], Value(1.0));
  EXPECT_EQ(to_json(row_of()["drops"]), "{}");
  input.drops[static_cast<size_t>(DropPlace::kPacketRing)].set(2);
  input.drops[static_cast<size_t>(DropPlace::kNicMissed)].set(1);
  input.kernel_drops.set(2);
  input.interface_drops.set(1);
  EXPECT_EQ(row_of()["completeness"], Value(0.75));
  EXPECT_EQ(to_json(row_of()["drops"]), R"({"packet_ring":2,"nic_missed":1})");
  const Answer interface = questions_about({eth0.get()}).interface("eth0");
  EXPECT_EQ((*interface)["completeness"], Value(0.75));
  EXPECT_EQ(to_json((*interface)["drops"]), R"({"packet_ring":2,"nic_missed":1})");
}

TEST(LiveHealth, TellsThatNoPayloadWasLookedAt) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const Answer health = questions_about({eth0.get()}).health();
  const Value row = (*(*health)["interfaces"].as<Value::Array>())[0];
  EXPECT_EQ(
      to_json(row["inspection"]),
      R"({"flows":0,"refused_flows":0,"unfollowed_flows":0,"bytes_in_work":0,"announced_flows":0,"thinned_flows":0,"one_in":1,"packets":0,"ndpi_packets":0,"values":0,)"
      R"("flows_without_room":0,"transactions":0,"transaction_keys":0,"transaction_keys_evicted":0,)"
      R"("transactions_without_room":0})");
}

TEST(LiveHealth, TellsOfEachShardAndItsThread) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  eth0->set_capture({"AF_PACKET", "inner flow"});
  InputStatus& input = eth0->input(0);
  input.thread_id.set(4711);
  input.cpu_ns.set(1'500'000'000);
  input.waiting_ns.set(250'000'000);
  const Answer health = questions_about({eth0.get()}).health();
  const Value row = (*(*health)["interfaces"].as<Value::Array>())[0];
  EXPECT_EQ(row["capture"], Value("AF_PACKET"));
  EXPECT_EQ(row["balance"], Value("inner flow"));
  const Value shard = (*row["shard_list"].as<Value::Array>())[0];
  EXPECT_EQ(shard["packets"], Value(uint64_t{9}));
  EXPECT_EQ(shard["bytes"], Value(uint64_t{1804}));
  EXPECT_EQ(shard["flows"], Value(uint64_t{4}));
  EXPECT_EQ(shard["hosts"], Value(uint64_t{6}));
  EXPECT_GT(*shard["memory_bytes"].as<uint64_t>(), 0U);
  EXPECT_EQ(shard["thread_id"], Value(uint64_t{4711}));
  EXPECT_EQ(shard["cpu_s"], Value(1.5));
  EXPECT_EQ(shard["waiting_s"], Value(0.25));
  EXPECT_EQ(shard["cpu"], Value()) << "not pinned";
  input.cpu.set(3 + 1);
  const Value pinned =
      (*(*questions_about({eth0.get()}).health())["interfaces"].as<Value::Array>())[0];
  EXPECT_EQ((*pinned["shard_list"].as<Value::Array>())[0]["cpu"], Value(uint64_t{3}));
}

TEST(LiveHealth, TellsOfWeirAndEachInterface) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  eth0->input(0).interface_drops.set(3);
  const Answer health = questions_about({eth0.get()}).health();
  ASSERT_TRUE(health);
  EXPECT_EQ((*health)["version"], Value("1.2.3"));
  EXPECT_EQ((*health)["uptime_s"], Value(60.0));
  EXPECT_GT(*(*health)["peak_memory_bytes"].as<uint64_t>(), 0U);
  const Value row = (*(*health)["interfaces"].as<Value::Array>())[0];
  EXPECT_EQ(row["interface_drops"], Value(uint64_t{3}));
  EXPECT_EQ(to_json(row["flow_table"]),
            R"({"active":4,"total":4,"evicted":0,"refused":0,"tcp_uncounted":0})");
  EXPECT_EQ(to_json(row["host_table"]), R"({"active":6,"total":6})");
  EXPECT_EQ(row["memory_limit_bytes"], Value(uint64_t{16} << 20));
  EXPECT_EQ(to_json(row["malformed"]), "{}");
}

}  // namespace
}  // namespace weir
