// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/flow_outlet.h"

#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/test_patience.h"
#include "export/flow_outlets.h"
#include "export/test_listener.h"
#include "record/instance_paths.h"
#include "record/test_records.h"

namespace weir {
namespace {

ExportedFlow numbered(uint32_t number) {
  ExportedFlow flow;
  flow.flow = test_records::full_flow();
  flow.flow.to_server = {1, number};
  return flow;
}

// The numbers of the flows in lines of JSON, in order.
std::vector<uint32_t> numbers_in(const std::string& lines) {
  std::vector<uint32_t> numbers;
  size_t begin = 0;
  for (size_t end = 0; (end = lines.find('\n', begin)) != std::string::npos; begin = end + 1) {
    numbers.push_back(nlohmann::json::parse(lines.substr(begin, end - begin))["bytes_to_server"]);
  }
  return numbers;
}

std::vector<uint32_t> from_to(uint32_t from, uint32_t to) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = from; i < to; ++i) numbers.push_back(i);
  return numbers;
}

OutletSpec json_to(uint16_t port, size_t spool = size_t{64} << 20) {
  auto spec = parse_outlet(fmt::format("json:tcp://127.0.0.1:{}", port));
  spec->spool_bytes = spool;
  return *spec;
}

uint64_t figure(const FlowOutlet& outlet, const char* name) {
  const Value said = outlet.statistics();
  return *said[name].as<uint64_t>();
}

TEST(FlowOutlet, KeepsFlowsUntilSomebodyListens) {
  uint16_t port = 0;
  {
    const test::Listener gone;
    port = gone.port();
  }
  const auto opened = FlowOutlet::open(json_to(port), "leaf");
  ASSERT_TRUE(opened);
  FlowOutlet& outlet = **opened;
  for (uint32_t i = 0; i < 100; ++i) outlet.add(numbered(i), {});
  outlet.flush();
  EXPECT_TRUE(test::comes_true([&] { return figure(outlet, "failures") > 0; }));
  EXPECT_EQ(outlet.statistics()["connected"], Value(false));
  EXPECT_NE(outlet.statistics()["error"], Value());
  const test::Listener listener(port);
  ASSERT_TRUE(listener.is_open());
  EXPECT_TRUE(test::comes_true([&] { return figure(outlet, "sent_flows") == 100; }));
  EXPECT_TRUE(test::comes_true([&] { return numbers_in(listener.lines()) == from_to(0, 100); }));
  EXPECT_EQ(outlet.statistics()["connected"], Value(true));
  EXPECT_EQ(outlet.statistics()["error"], Value());
}

TEST(FlowOutlet, SendsEachFlowOnceOverABrokenConnection) {
  constexpr uint32_t kFlows = 10'000;  // more than the buffers of a connection hold
  test::Listener listener;
  listener.hang_up_when_full();
  const auto opened = FlowOutlet::open(json_to(listener.port()), "leaf");
  ASSERT_TRUE(opened);
  FlowOutlet& outlet = **opened;
  for (uint32_t i = 0; i < kFlows; ++i) outlet.add(numbered(i), {});
  outlet.flush();
  EXPECT_TRUE(test::comes_true([&] { return figure(outlet, "sent_flows") == kFlows; }));
  EXPECT_EQ(figure(outlet, "connections"), 2U);
  EXPECT_EQ(figure(outlet, "dropped_flows"), 0U);
  EXPECT_TRUE(
      test::comes_true([&] { return listener.lines().find(":9999,") != std::string::npos; }));
  EXPECT_EQ(numbers_in(listener.lines()), from_to(0, kFlows));
}

TEST(FlowOutlet, LetsTheOldestGoWhenTheSpoolIsFull) {
  const auto opened = FlowOutlet::open(json_to(1, 64 << 10), "leaf");
  ASSERT_TRUE(opened);
  FlowOutlet& outlet = **opened;
  for (uint32_t i = 0; i < 1000; ++i) outlet.add(numbered(i), {});
  outlet.flush();
  EXPECT_GT(figure(outlet, "dropped_flows"), 0U);
  EXPECT_LE(figure(outlet, "waiting_bytes"), 64U << 10);
  EXPECT_EQ(figure(outlet, "dropped_flows") + figure(outlet, "waiting_messages"), 1000U);
}

TEST(FlowOutlets, GiveEachFlowToEveryOutletAndNoneToWhereItCameFrom) {
  const test::Listener one;
  const test::Listener other;
  FlowOutlets::Setting setting;
  setting.outlets = {{json_to(one.port())}, {json_to(other.port())}};
  setting.instance = "middle";
  auto opened = FlowOutlets::open(setting);
  ASSERT_TRUE(opened);
  auto outlets = *std::move(opened);
  FlowReports* reports = outlets->add_shard("eth0", FlowReports::WhenFull::kLeaveOut);
  FlowReports* others = outlets->add_shard("eth1", FlowReports::WhenFull::kLeaveOut);
  outlets->start();
  FlowRecord flow = test_records::full_flow();
  reports->accept(flow);
  flow.to_server.bytes = 7;
  others->accept(flow);
  // It was here before, or the way is too long to be known.
  for (const uint32_t way : {path_number("leaf/middle/root"), path_number(std::string(250, 'x'))}) {
    flow.origin.path = way;
    others->accept(flow);
  }
  EXPECT_TRUE(test::comes_true([&] { return numbers_in(one.lines()).size() == 2; }));
  EXPECT_TRUE(test::comes_true([&] { return numbers_in(other.lines()).size() == 2; }));
  const auto line = nlohmann::json::parse(one.lines().substr(0, one.lines().find('\n')));
  EXPECT_EQ(line["interface"], "eth0");
  EXPECT_EQ(line["path"], "middle");
  EXPECT_EQ(outlets->statistics()["lost_flows"], Value(uint64_t{0}));
  EXPECT_TRUE(
      test::comes_true([&] { return outlets->statistics()["circles"] == Value(uint64_t{2}); }));
}

TEST(FlowOutlets, SendWhatWasToldBeforeTheEnd) {
  const test::Listener listener;
  FlowOutlets::Setting setting;
  setting.outlets = {{json_to(listener.port())}};
  setting.instance = "leaf";
  auto opened = FlowOutlets::open(setting);
  ASSERT_TRUE(opened);
  auto outlets = *std::move(opened);
  FlowReports* reports = outlets->add_shard("eth0", FlowReports::WhenFull::kLeaveOut);
  outlets->start();
  for (uint32_t i = 0; i < 3000; ++i) reports->accept(numbered(i).flow);
  outlets.reset();
  EXPECT_TRUE(test::comes_true([&] { return numbers_in(listener.lines()).size() == 3000; }))
      << numbers_in(listener.lines()).size();
}

TEST(FlowOutlets, AreNotThereWhenNothingIsExported) {
  const auto outlets = FlowOutlets::open({});
  ASSERT_TRUE(outlets);
  EXPECT_EQ(*outlets, nullptr);
}

}  // namespace
}  // namespace weir
