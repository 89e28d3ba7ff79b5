// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <string>

#include "collect/collector.h"
#include "collect/test_messages.h"
#include "record/applications.h"

namespace weir {
namespace {

using test_messages::kNow;
using test_messages::kNowSeconds;
using test_messages::only_exporter;
using test_messages::peer;

class CollectorSyslogTest : public ::testing::Test {
 protected:
  void take(std::string_view text) {
    EXPECT_EQ(collector_.take({{reinterpret_cast<const uint8_t*>(text.data()), text.size()},
                               peer(),
                               ExportTransport::kSyslog,
                               {}},
                              kNow),
              ExportError::kNone);
  }
  [[nodiscard]] const Value& event() { return collector_.events().at(0); }

  Collector collector_{{.secret = {1, 2, 3, 4}}};
};

// P38 of the checklist.
TEST_F(CollectorSyslogTest, MakesOfALoggedPacketAFlowAndAnEvent) {
  take(
      "<4>Nov 30 01:02:03 fw kernel: [12.3] DROP IN=eth0 OUT= MAC=x SRC=192.0.2.1 DST=192.0.2.2 "
      "LEN=60 PROTO=TCP SPT=40000 DPT=22 SYN URGP=0");
  ASSERT_EQ(collector_.flows().size(), 1U);
  const CollectedFlow& flow = collector_.flows()[0];
  EXPECT_EQ(flow.forward, (Traffic{1, 60}));
  EXPECT_EQ(flow.destination_port, 22);
  EXPECT_EQ(flow.last.seconds, kNowSeconds);
  EXPECT_EQ(event()["event"], Value("netfilter"));
  EXPECT_EQ(event()["prefix"], Value("DROP"));
  EXPECT_EQ(event()["host"], Value("fw"));
  EXPECT_EQ(event()["destination_ip"], Value("192.0.2.2"));
  EXPECT_EQ(event()["destination_port"], Value(uint64_t{22}));
  EXPECT_EQ(event()["sender"], Value("192.0.2.1"));
  EXPECT_EQ(collector_.syslog().netfilter, 1U);
}

TEST_F(CollectorSyslogTest, MakesNoTrafficOfWhatAStrangerHadLogged) {
  take(
      "<13>Nov 30 01:02:03 web nginx[7]: GET /?IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 LEN=60 "
      "PROTO=TCP SPT=1 DPT=2");
  EXPECT_TRUE(collector_.flows().empty());
  EXPECT_EQ(event()["event"], Value("syslog"));
  EXPECT_EQ(collector_.syslog().netfilter, 0U);
}

TEST_F(CollectorSyslogTest, MakesFlowsOfSuricatasFlows) {
  take(
      R"(<142>1 2023-11-14T22:13:00Z ids suricata - - - {"timestamp":"2023-11-14T22:13:00.1+0000",)"
      R"("event_type":"flow","src_ip":"10.0.0.1","src_port":40000,"dest_ip":"192.0.2.1",)"
      R"("dest_port":443,"proto":"TCP","app_proto":"tls","vlan":[10],"flow":{"pkts_toserver":5,)"
      R"("pkts_toclient":7,"bytes_toserver":500,"bytes_toclient":7000,)"
      R"("start":"2023-11-14T22:13:00.000000+0000","end":"2023-11-14T22:13:10.500000+0000"}})");
  ASSERT_EQ(collector_.flows().size(), 1U);
  const CollectedFlow& flow = collector_.flows()[0];
  EXPECT_EQ(flow.source.to_string(), "10.0.0.1");
  EXPECT_EQ(flow.forward, (Traffic{5, 500}));
  EXPECT_EQ(flow.reverse, (Traffic{7, 7000}));
  EXPECT_TRUE(flow.source_began);
  EXPECT_EQ(application_name(flow.application), "TLS");
  EXPECT_EQ(flow.last.as_nanoseconds() - flow.first.as_nanoseconds(), 10'500'000'000);
  EXPECT_TRUE(collector_.events().empty());
}

TEST_F(CollectorSyslogTest, TellsOfAlerts) {
  take(
      R"({"event_type":"alert","src_ip":"10.0.0.1","src_port":1,"dest_ip":"10.0.0.2","dest_port":2,)"
      R"("proto":"UDP","alert":{"signature":"ET SCAN \"x\"","severity":1}})");
  EXPECT_TRUE(collector_.flows().empty());
  EXPECT_EQ(event()["event"], Value("suricata"));
  EXPECT_EQ(event()["type"], Value("alert"));
  EXPECT_EQ(event()["signature"], Value("ET SCAN \"x\""));
  EXPECT_EQ(event()["alert_severity"], Value(uint64_t{1}));
  EXPECT_EQ(event()["source_ip"], Value("10.0.0.1"));
}

TEST_F(CollectorSyslogTest, TellsOfAllElseAsItStandsThere) {
  take("<38>1 - host sshd - - - Failed password for root from 192.0.2.3\n");
  EXPECT_EQ(event()["event"], Value("syslog"));
  EXPECT_EQ(event()["severity"], Value(uint64_t{6}));
  EXPECT_EQ(event()["facility"], Value(uint64_t{4}));
  EXPECT_EQ(event()["program"], Value("sshd"));
  EXPECT_EQ(event()["message"], Value("Failed password for root from 192.0.2.3"));
  EXPECT_EQ(only_exporter(collector_).counters.events, 1U);
}

TEST_F(CollectorSyslogTest, KeepsNoMoreEventsThanItMay) {
  for (size_t i = 0; i < Collector::kMaxEvents + 5; ++i) take("<1>" + std::string(5000, 'x'));
  EXPECT_EQ(collector_.events().size(), Collector::kMaxEvents);
  EXPECT_EQ(collector_.syslog().events_left_out, 5U);
  EXPECT_EQ(event()["message"].as<std::string>()->size(), 1024U);
}

TEST_F(CollectorSyslogTest, CountsWhatIsBroken) {
  take(R"({"event_type":"flow","src_ip":"10.0.0.1", broken)");
  take(R"({"event_type":"flow","src_ip":"10.0.0.1","dest_ip":"10.0.0.2","proto":"TCP"})");
  EXPECT_TRUE(collector_.flows().empty());
  EXPECT_EQ(only_exporter(collector_).counters.errors[static_cast<size_t>(ExportError::kBadRecord)],
            1U);
}

}  // namespace
}  // namespace weir
