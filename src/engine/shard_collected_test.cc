// SPDX-License-Identifier: GPL-3.0-or-later
// Flow records of exporters in a shard.
#include <gtest/gtest.h>

#include <random>

#include "engine/shard.h"
#include "engine/test_traffic.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {
namespace {

constexpr uint32_t kStart = 1'700'000'000;

IpAddress v4(uint32_t bits) {
  const uint8_t bytes[] = {static_cast<uint8_t>(bits >> 24), static_cast<uint8_t>(bits >> 16),
                           static_cast<uint8_t>(bits >> 8), static_cast<uint8_t>(bits)};
  return IpAddress::from_v4(bytes);
}

CollectedFlow record_of(double first, double last, Traffic traffic = {10, 1000}) {
  CollectedFlow flow;
  flow.source = v4(0x0a000001);
  flow.destination = v4(0x0a000002);
  flow.source_port = 40'000;
  flow.destination_port = 443;
  flow.protocol = kProtocolTcp;
  flow.tcp_flags = 0x1b;
  const auto at = [](double seconds) {
    return Timestamp::from_nanoseconds(int64_t{kStart} * 1'000'000'000 +
                                       static_cast<int64_t>(seconds * 1e9));
  };
  flow.first = at(first);
  flow.last = at(last);
  flow.forward = traffic;
  flow.origin = {v4(0xc0000201), 3, 4};
  return flow;
}
CollectedFlow answer_of(CollectedFlow flow, Traffic traffic) {
  std::swap(flow.source, flow.destination);
  std::swap(flow.source_port, flow.destination_port);
  std::swap(flow.origin.input, flow.origin.output);
  flow.forward = traffic;
  return flow;
}

class ShardCollected : public ::testing::Test {
 protected:
  void SetUp() override {
    ShardOptions options;
    options.memory_bytes = size_t{32} << 20;
    options.secret = test_traffic::kSecret;
    options.collects = true;
    auto made = Shard::create(options, &sink_);
    ASSERT_TRUE(made) << made.error().message;
    shard_ = *std::move(made);
  }

  void collect(const std::vector<CollectedFlow>& flows, uint32_t now = 100) {
    shard_->collect(flows, {kStart + now, 0});
  }
  [[nodiscard]] std::vector<FlowRecord> flows() const {
    std::vector<FlowRecord> found;
    shard_->flows().visit_live([&](uint32_t slot) {
      if (const auto flow = shard_->flows().snapshot(slot, shard_->clock_second()))
        found.push_back(*flow);
    });
    return found;
  }
  [[nodiscard]] Traffic total() const { return shard_->counters().total.read(); }
  [[nodiscard]] uint64_t series_bytes() const {
    uint64_t sum = 0;
    for (uint32_t second = kStart - 4000; second <= kStart + 4000; ++second) {
      const auto point = shard_->series().at(second);
      for (size_t i = 0; point && i < kSeriesClasses; ++i) sum += point->classes[i].bytes;
    }
    return sum;
  }

  test_traffic::FlowLog sink_;
  std::unique_ptr<Shard> shard_;
};

TEST_F(ShardCollected, NamesAFlowAsItsExporterDoes) {
  CollectedFlow flow = record_of(10, 20);
  flow.application = application_number("TLS.Exported", "Web");
  collect({flow});
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(application_name(flows()[0].application), "TLS.Exported");
  EXPECT_EQ(flows()[0].confidence, Confidence::kName);
  // Who says nothing takes nothing back.
  flow.application = kApplicationUnknown;
  flow.first = flow.last;
  collect({flow});
  EXPECT_EQ(application_name(flows()[0].application), "TLS.Exported");
}

TEST_F(ShardCollected, MakesOneFlowOfBothDirections) {
  const CollectedFlow there = record_of(10, 20);
  collect({there, answer_of(there, {20, 30'000})});
  ASSERT_EQ(flows().size(), 1U);
  const FlowRecord flow = flows()[0];
  EXPECT_EQ(flow.client.to_string(), "10.0.0.1");
  EXPECT_EQ(flow.server_port, 443);
  EXPECT_EQ(flow.to_server, (Traffic{10, 1000}));
  EXPECT_EQ(flow.to_client, (Traffic{20, 30'000}));
  EXPECT_EQ(application_name(flow.application), "TLS");
  EXPECT_EQ(flow.tcp_flags_to_server, 0x1b);
  EXPECT_EQ(flow.first_seen.seconds, kStart + 10);
  EXPECT_EQ(flow.last_seen.seconds, kStart + 20);
  EXPECT_EQ(flow.origin, (FlowOrigin{v4(0xc0000201), 3, 4}));
  EXPECT_FALSE(flow.has_tcp_quality);
  EXPECT_EQ(total(), (Traffic{30, 31'000}));
  EXPECT_EQ(shard_->counters().by_protocol[kProtocolTcp].read(), (Traffic{30, 31'000}));
  EXPECT_EQ(shard_->hosts().live(), 2U);
}

TEST_F(ShardCollected, SpreadsARecordOverItsSeconds) {
  collect({record_of(0, 60, {600, 60'000})});
  for (uint32_t second = 0; second < 60; ++second) {
    const auto point = shard_->series().at(kStart + second);
    ASSERT_TRUE(point) << second;
    EXPECT_EQ(point->classes[0], (Traffic{10, 1000})) << second;
    EXPECT_EQ(point->directions[static_cast<size_t>(Direction::kThrough)], (Traffic{10, 1000}));
  }
  EXPECT_EQ(series_bytes(), 60'000U);
}

TEST_F(ShardCollected, TellsOfApplicationsWhatItTellsOfProtocols) {
  const auto of_second = [&](uint32_t second) {
    Traffic sum;
    shard_->applications().visit(second, [&](uint16_t application, const Traffic& traffic) {
      EXPECT_EQ(application_name(application), "TLS");
      sum += traffic;
    });
    shard_->flows().visit_untold(second, [&](uint16_t, uint32_t, const Traffic&) {
      ADD_FAILURE() << "records are spread over their seconds at once";
    });
    return sum;
  };
  const CollectedFlow record = record_of(0, 60, {600, 60'000});
  collect({record, answer_of(record, {60, 6000})}, 60);
  EXPECT_EQ(of_second(kStart), Traffic{}) << "once a second";
  (void)shard_->idle({kStart + 61, 0});
  for (uint32_t second = kStart; second < kStart + 60; ++second) {
    const auto point = shard_->series().at(second);
    ASSERT_TRUE(point);
    EXPECT_EQ(of_second(second), point->classes[0]) << second;
  }
}

TEST_F(ShardCollected, TellsOfDirectionsWhatItTellsOfProtocols) {
  CollectedFlow record = record_of(0, 2, {1, 101});
  record.first = {kStart, 999'000'000};
  record.last = {kStart + 3, 0};
  record.reverse = {1, 101};
  collect({record});
  Traffic sum;
  for (uint32_t second = kStart; second < kStart + 4; ++second) {
    const auto point = shard_->series().at(second);
    if (!point) continue;
    Traffic classes;
    Traffic directions;
    for (const Traffic& traffic : point->classes) classes += traffic;
    for (const Traffic& traffic : point->directions) directions += traffic;
    EXPECT_EQ(classes, directions) << second;
    sum += directions;
  }
  EXPECT_EQ(sum, (Traffic{2, 202}));
}

TEST_F(ShardCollected, TellsRatesOfTheLastWholeSecondOfRecords) {
  collect({record_of(0, 60, {600, 60'000})}, 60);
  EXPECT_EQ(flows()[0].rate_to_server, (Traffic{10, 1000}));
  const auto host = shard_->hosts().snapshot(shard_->hosts().next_live(0), shard_->clock_second());
  ASSERT_TRUE(host);
  EXPECT_EQ(host->rate_sent.bytes + host->rate_received.bytes, 1000U);
}

TEST_F(ShardCollected, TakesRecordsThatComeLateWithoutASpike) {
  collect({record_of(50, 60, {10, 1000})}, 60);
  const Traffic before = flows()[0].rate_to_server;
  collect({record_of(0, 20, {7'000, 7'000'000})}, 60);
  const FlowRecord flow = flows()[0];
  EXPECT_EQ(flow.rate_to_server, before);
  EXPECT_EQ(flow.to_server, (Traffic{7'010, 7'001'000}));
  EXPECT_EQ(flow.first_seen.seconds, kStart);
  EXPECT_EQ(flow.last_seen.seconds, kStart + 60);
  EXPECT_EQ(series_bytes(), 7'001'000U);
}

TEST_F(ShardCollected, AddsUpToTheByteForAnyRecords) {
  std::mt19937 random(7);
  const auto upto = [&](uint32_t most) { return static_cast<uint32_t>(random() % most); };
  Traffic sent;
  for (int batch = 0; batch < 50; ++batch) {
    std::vector<CollectedFlow> records;
    for (int i = 0; i < 100; ++i) {
      const double first = upto(3000);
      CollectedFlow record = record_of(first, first + upto(900) * 0.37, {upto(99), upto(99'999)});
      record.source = v4(0x0a000000 + upto(40));
      record.destination = v4(0x0a000100 + upto(40));
      record.protocol = upto(3) == 0 ? kProtocolUdp : kProtocolTcp;
      if (upto(4) == 0) record.reverse = {upto(50), upto(5000)};
      if (upto(9) == 0) record.source = *IpAddress::parse("2001:db8::1");
      if (upto(9) == 0) record.destination = *IpAddress::parse("2001:db8::2");
      if (record.source.is_v4() != record.destination.is_v4()) record.source = record.destination;
      sent += record.forward + record.reverse;
      records.push_back(record);
    }
    collect(records, 3500);
  }
  EXPECT_EQ(total(), sent);
  EXPECT_EQ(series_bytes(), sent.bytes);
  test_traffic::expect_sums_agree(*shard_, "records");
}

TEST_F(ShardCollected, KeepsAFlowFromOneReportToTheNext) {
  // Reported every 1,800 seconds, which is longer than any idle timeout.
  collect({record_of(0, 1799)}, 1800);
  for (int i = 0; i < 200; ++i) (void)shard_->idle({kStart + 3500, 0});
  collect({record_of(1800, 3599)}, 3600);
  EXPECT_EQ(flows().size(), 1U);
  EXPECT_EQ(shard_->flows().created(), 1U);
  EXPECT_TRUE(sink_.records.empty());
}

TEST_F(ShardCollected, EndsAFlowThatIsSilent) {
  CollectedFlow record = record_of(0, 1);
  record.protocol = kProtocolUdp;
  collect({record}, 1);
  for (int i = 0; i < 200; ++i) (void)shard_->idle({kStart + 200, 0});
  ASSERT_EQ(sink_.records.size(), 1U);
  EXPECT_EQ(sink_.records[0].end_reason, EndReason::kIdle);
  EXPECT_EQ(sink_.records[0].origin.input, 3U);
}

TEST_F(ShardCollected, BeginsANewFlowWhenTheSamePortsConnectAgain) {
  const CollectedFlow first = record_of(0, 2);
  collect({first, answer_of(first, {5, 500})}, 3);
  collect({record_of(10, 12)}, 12);
  ASSERT_EQ(sink_.records.size(), 1U);
  EXPECT_EQ(sink_.records[0].end_reason, EndReason::kReused);
  EXPECT_EQ(flows()[0].to_server, (Traffic{10, 1000}));
}

TEST_F(ShardCollected, CountsWhatHasNoIpByEthertype) {
  CollectedFlow record = record_of(5, 5, {256, 16'384});
  record.has_ip = false;
  record.ethertype = 0x0806;
  collect({record});
  EXPECT_TRUE(flows().empty());
  EXPECT_EQ(total(), (Traffic{256, 16'384}));
  EXPECT_EQ(shard_->counters().by_ethertype[0].traffic.read(), (Traffic{256, 16'384}));
  EXPECT_EQ(series_bytes(), 16'384U);
}

TEST_F(ShardCollected, TakesTheAsOfRecordsWhereNothingElseIsKnown) {
  CollectedFlow record = record_of(0, 1);
  record.source_as = 64'500;
  record.destination_as = 64'501;
  collect({record});
  uint32_t sum = 0;
  shard_->hosts().visit_live([&](uint32_t slot) { sum += shard_->hosts().place(slot).as_number; });
  EXPECT_EQ(sum, 64'500U + 64'501U);
}

TEST_F(ShardCollected, BelievesNoTimeBeyondItsOwn) {
  collect({record_of(4000, 5000)}, 100);
  EXPECT_EQ(flows()[0].last_seen.seconds, kStart + 100);
  EXPECT_EQ(shard_->clock_second(), kStart + 100);
  EXPECT_EQ(series_bytes(), 1000U);
}

TEST_F(ShardCollected, FollowsAClockThatIsSetBack) {
  collect({record_of(3000, 3001)}, 3001);
  collect({record_of(0, 1)}, 1);
  collect({record_of(1, 2)}, 2);
  EXPECT_EQ(shard_->clock_second(), kStart + 2);
}

TEST_F(ShardCollected, StaysExactBeyondItsBudget) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  options.secret = test_traffic::kSecret;
  options.collects = true;
  auto made = Shard::create(options, nullptr);
  ASSERT_TRUE(made) << made.error().message;
  Traffic sent;
  std::vector<CollectedFlow> records;
  for (uint32_t i = 0; i < 100'000; ++i) {
    CollectedFlow record = record_of(i * 0.001, i * 0.001 + 1, {1, 100 + i % 7});
    record.source = v4(0x0b000000 + i);
    record.protocol = kProtocolUdp;
    sent += record.forward;
    records.push_back(record);
  }
  (*made)->collect(records, {kStart + 200, 0});
  EXPECT_LE((*made)->memory().used(), (*made)->memory().limit());
  test_traffic::expect_sums_agree(**made, "records beyond the budget");
  EXPECT_EQ((*made)->counters().total.read(), sent);
}

}  // namespace
}  // namespace weir
