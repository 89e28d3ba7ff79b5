// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/flow_reports.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net/ip_protocol.h"

namespace weir {
namespace {

using std::chrono::seconds;

FlowRecord flow_at(uint32_t last, uint64_t packets, EndReason reason = EndReason::kActive) {
  FlowRecord flow;
  flow.id = 7;
  flow.end_reason = reason;
  flow.first_seen = {1000, 0};
  flow.last_seen = {last, 0};
  flow.to_server = {packets, packets * 100};
  flow.to_client = {packets * 2, packets * 2000};
  return flow;
}

TEST(FlowReports, TellsOfAFlowThatEndsAllThatWasSeen) {
  FlowReports reports(3, seconds(60));
  reports.accept(flow_at(1010, 5, EndReason::kIdle));
  const auto told = reports.next();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->interface, 3U);
  EXPECT_EQ(told->flow.to_server, (Traffic{5, 500}));
  EXPECT_EQ(told->flow.first_seen, (Timestamp{1000, 0}));
  EXPECT_FALSE(reports.next());
}

TEST(FlowReports, TellsOfAFlowThatGoesOnWhatIsNew) {
  FlowReports reports(0, seconds(60));
  EXPECT_FALSE(reports.is_due(7, {1000, 0}, {1050, 0}, {1059, 0}));
  // By the time that passes, not by its packets: it may be silent now.
  EXPECT_TRUE(reports.is_due(7, {1000, 0}, {1050, 0}, {1060, 0}));
  reports.accept(flow_at(1060, 5));
  EXPECT_FALSE(reports.is_due(7, {1000, 0}, {1100, 0}, {1119, 0}));
  EXPECT_FALSE(reports.is_due(7, {1000, 0}, {1060, 0}, {1200, 0}));
  EXPECT_TRUE(reports.is_due(7, {1000, 0}, {1100, 0}, {1120, 0}));
  reports.accept(flow_at(1120, 9));
  reports.accept(flow_at(1130, 10, EndReason::kClosed));
  Traffic sum;
  Timestamp end{1000, 0};
  for (const uint64_t packets : {5U, 4U, 1U}) {
    const auto told = reports.next();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->flow.to_server.packets, packets);
    EXPECT_EQ(told->flow.first_seen, end);
    end = told->flow.last_seen;
    sum += told->flow.to_client;
  }
  EXPECT_EQ(sum, (Traffic{20, 20'000}));
}

TEST(FlowReports, SaysNothingOfAnEndThatBringsNothingNew) {
  FlowReports reports(0, seconds(60));
  reports.accept(flow_at(1060, 5));
  (void)reports.next();
  reports.accept(flow_at(1060, 5, EndReason::kIdle));
  EXPECT_FALSE(reports.next());
  // Another flow of the same number begins from nothing.
  reports.accept(flow_at(1060, 2, EndReason::kIdle));
  EXPECT_EQ(reports.next()->flow.to_server.packets, 2U);
}

TEST(FlowReports, TellsLaterWhatFindsNoRoomAndCountsWhatCannotBeToldLater) {
  FlowReports reports(0, seconds(60));
  for (size_t i = 0; i < FlowReports::kQueue; ++i) {
    FlowRecord other = flow_at(1010, 1, EndReason::kIdle);
    other.id = 100 + i;
    reports.accept(other);
  }
  reports.accept(flow_at(1060, 5));
  EXPECT_EQ(reports.lost(), 0U);
  FlowRecord lost = flow_at(1010, 1, EndReason::kIdle);
  lost.id = 8;
  reports.accept(lost);
  EXPECT_EQ(reports.lost(), 1U);
  while (reports.next()) {
  }
  EXPECT_TRUE(reports.is_due(7, {1000, 0}, {1070, 0}, {1070, 0}));
  reports.accept(flow_at(1070, 6));
  EXPECT_EQ(reports.next()->flow.to_server.packets, 6U);
}

TEST(FlowReports, WaitForRoomWhereNothingMayBeLost) {
  constexpr size_t kFlows = 2 * FlowReports::kQueue;
  FlowReports of_file(0, seconds(60), FlowReports::WhenFull::kWait);
  FlowReports of_wire(0, seconds(60));
  for (FlowReports* const reports : {&of_file, &of_wire}) {
    std::thread taker([reports] {
      for (size_t taken = 0; taken < kFlows;) {
        if (reports->next()) ++taken;
      }
    });
    for (size_t i = 0; i < kFlows; ++i) {
      FlowRecord flow =
          flow_at(1010, 1, reports == &of_file ? EndReason::kClosed : EndReason::kEnd);
      flow.id = i;
      reports->accept(flow);
    }
    taker.join();
    EXPECT_EQ(reports->lost(), 0U);
  }
}

TEST(FlowReports, TellsOnlyOfEndsWhenToldSo) {
  FlowReports reports(0, seconds(0));
  EXPECT_FALSE(reports.is_due(7, {1000, 0}, {90000, 0}, {90000, 0}));
}

CollectedFlow collected() {
  CollectedFlow flow;
  flow.source = *IpAddress::parse("192.0.2.1");
  flow.destination = *IpAddress::parse("10.1.2.3");
  flow.source_port = 443;
  flow.destination_port = 40000;
  flow.protocol = kProtocolTcp;
  flow.tcp_flags = 0x12;
  flow.first = {1000, 0};
  flow.last = {1001, 0};
  flow.forward = {4, 4000};
  flow.origin = {*IpAddress::parse("192.0.2.7"), 3, 4};
  return flow;
}

TEST(FlowReports, PassesOnWhatOthersTold) {
  FlowReports reports(0, seconds(60));
  CollectedFlow arp = collected();
  arp.has_ip = false;
  const CollectedFlow flows[] = {collected(), arp};
  reports.pass_on(flows);
  const auto told = reports.next();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->flow.server.to_string(), "192.0.2.1");
  EXPECT_EQ(told->flow.server_port, 443);
  EXPECT_EQ(told->flow.to_client, (Traffic{4, 4000}));
  EXPECT_EQ(told->flow.to_server, Traffic());
  EXPECT_EQ(told->flow.tcp_flags_to_client, 0x12);
  EXPECT_EQ(told->flow.origin.input, 3U);
  EXPECT_FALSE(told->counts_frames);
  EXPECT_FALSE(reports.next());
}

TEST(FlowReports, PassOnABurstThatIsReadMeanwhileAndCountWhatNobodyReads) {
  std::vector<CollectedFlow> burst(FlowReports::kQueue + 1, collected());
  FlowReports reports(0, seconds(60));
  size_t taken = 0;
  std::jthread taker([&](const std::stop_token& stop) {
    const auto take = [&] { return reports.next().has_value(); };
    while (!stop.stop_requested()) taken += take() ? 1 : 0;
    while (take()) ++taken;
  });
  reports.pass_on(burst);
  taker.request_stop();
  taker.join();
  EXPECT_EQ(reports.lost(), 0U) << "one finds room in a tenth of a second";
  EXPECT_EQ(taken, burst.size());
  burst.resize(FlowReports::kQueue + 100, collected());
  FlowReports unread(0, seconds(60));
  unread.pass_on(burst);
  EXPECT_EQ(unread.lost(), 100U);
}

TEST(FlowReports, TakesWhoBeganForTheClient) {
  CollectedFlow flow = collected();
  flow.source_began = true;
  EXPECT_EQ(flow_of(flow).client.to_string(), "192.0.2.1");
  flow.source_began = false;
  flow.tcp_flags = 0x02;
  EXPECT_EQ(flow_of(flow).client.to_string(), "192.0.2.1");
}

}  // namespace
}  // namespace weir
