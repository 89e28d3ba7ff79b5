// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter.h"

#include <gtest/gtest.h>

#include "record/record_fields.h"
#include "record/test_records.h"

namespace weir {
namespace {

using Entries = std::vector<std::string_view>;

bool holds(std::string_view text, const FlowRecord& flow) {
  const auto filter = Filter::parse(text, Entity::kFlow);
  if (!filter) {
    ADD_FAILURE() << text << ": " << filter.error().message;
    return false;
  }
  return filter->matches([&](uint8_t field) {
    return flow_field(flow, static_cast<FlowField>(field), {"eth0", 0});
  });
}

void expect_holds(const Entries& filters, const FlowRecord& flow = test_records::full_flow()) {
  for (const auto text : filters) EXPECT_TRUE(holds(text, flow)) << text;
}
void expect_fails(const Entries& filters, const FlowRecord& flow = test_records::full_flow()) {
  for (const auto text : filters) EXPECT_FALSE(holds(text, flow)) << text;
}

TEST(Filter, OfNothingMatchesEverything) {
  expect_holds({"", "  \t\r\n "});
  EXPECT_TRUE(Filter().matches([](uint8_t) { return FieldValue(); }));
}

TEST(Filter, MatchesWhatBothOfTwoMatch) {
  const auto both = [](std::string_view first, std::string_view second) {
    const Filter filter =
        Filter::both(*Filter::parse(first, Entity::kFlow), *Filter::parse(second, Entity::kFlow));
    return filter.matches([](uint8_t field) {
      return flow_field(test_records::full_flow(), static_cast<FlowField>(field), {"eth0", 0});
    });
  };
  constexpr std::string_view kYes = "packets = 1 or not (packets != 7 or packets > 7)";
  constexpr std::string_view kNo = "packets = 7 and (packets = 8 or not packets < 8)";
  EXPECT_TRUE(both(kYes, kYes));
  EXPECT_FALSE(both(kYes, kNo));
  EXPECT_FALSE(both(kNo, kYes));
  EXPECT_FALSE(both(kNo, "packets = 1 or packets = 7"));
  EXPECT_TRUE(both("", kYes));
  EXPECT_FALSE(both(kNo, " "));
  EXPECT_TRUE(both("", ""));
}

TEST(Filter, ComparesNumbers) {
  expect_holds({"server_port = 443", "server_port == 443", "server_port != 80", "packets < 8",
                "packets <= 7", "packets > 6", "packets >= 7"});
  expect_fails({"server_port = 80", "server_port != 443", "packets < 7", "packets <= 6",
                "packets > 7", "packets >= 8"});
}

TEST(Filter, CountsInThousands) {
  expect_holds({"bytes > 1500k", "bytes > 1500K", "bytes > 1.5M", "bytes < 1.6M", "bytes < 1G",
                "bytes < 1T", "bits_per_second = 500k"});
  expect_fails({"bytes > 1501k", "bytes > 1.6M", "bytes > 1G", "bytes > 1T"});
}

TEST(Filter, KnowsUnitsOfTime) {
  expect_holds({"duration_s > 300", "duration_s > 300s", "duration_s > 5m", "duration_s < 1h",
                "duration_s < 1d", "first_seen = 1000", "last_seen > 1300"});
  expect_fails({"duration_s > 6m", "duration_s > 1h", "duration_s > 1d"});
}

TEST(Filter, ComparesTextIgnoringCase) {
  expect_holds({"application = TLS", "application = tls", "application = \"TLS\"",
                "application = 'tls'", "application != DNS", "state = established"});
  expect_fails({"application = TL", "application = TLSX", "application != tls"});
}

TEST(Filter, SearchesInsideTextWithATilde) {
  expect_holds(
      {"state ~ blish", "state ~ ESTAB", "client_ip ~ 1.2", "bytes ~ 5003", "client_mac ~ :01"});
  expect_fails({"state ~ syn", "client_ip ~ 1.3"});
}

TEST(Filter, TakesAStarForAnything) {
  expect_holds({"application = T*", "application = *s", "application = *", "state = e*l*d",
                "application = \"tl*\"", "client_ip = 10.1.*", "est*"});
  expect_fails(
      {"application = T*x", "application = L*", "state = e*x*d", "client_ip = 10.2.*", "stab*"});
  expect_holds({"app in (D*, T*)"});
}

TEST(Filter, KnowsAliases) {
  expect_holds({"host = 10.1.2.3", "host = 192.0.2.1", "ip = 192.0.2.1", "net in 192.0.2.0/24",
                "client = 10.1.2.3", "server = 192.0.2.1", "port = 443", "port = 40000",
                "mac = 04:00:02:00:00:02", "app = TLS", "proto = TCP", "if = eth0"});
  expect_fails({"host = 10.1.2.4", "client = 192.0.2.1", "port = 80", "mac = 04:00:03:00:00:03"});
}

TEST(Filter, OnEitherEndIsTrueWhenOneEndMatches) {
  expect_holds({"port > 1024", "port < 1024"});
  expect_fails({"port != 443", "port not in (443, 80)"});
}

TEST(Filter, KnowsLists) {
  expect_holds({"server_port in (80, 443)", "server_port in 443", "server_port not in (80, 8080)",
                "app in (DNS, tls)", "port IN (443)"});
  expect_fails({"server_port in (80, 8080)", "server_port not in (80, 443)", "app not in (TLS)"});
}

TEST(Filter, KnowsNetworks) {
  expect_holds({"client_ip in 10.0.0.0/8", "client_ip = 10.1.2.0/24",
                "host in (172.16.0.0/12, 192.0.2.0/24)", "client not in 192.0.2.0/24"});
  expect_fails({"client_ip in 10.2.0.0/16", "host in 2001:db8::/32", "client not in 10.0.0.0/8",
                "client_ip in ::/0"});
}

TEST(Filter, LooksAtEachVlanTag) {
  expect_holds(
      {"vlan = 100", "vlan = 20", "vlan in (20, 30)", "vlan > 50", "vlan not in (10, 30)"});
  expect_fails({"vlan = 10", "vlan != 20", "vlan not in (10, 20)"});
}

TEST(Filter, AsksWhetherAFieldIsKnown) {
  expect_holds({"tunnel exists", "vlan exists", "application EXISTS"});
  FlowRecord bare;
  bare.protocol = kProtocolUdp;
  expect_fails({"tunnel exists", "vlan exists", "client_mac exists", "tcp_flags_to_server exists"},
               bare);
  expect_holds({"not tunnel exists", "protocol exists"}, bare);
}

TEST(Filter, NeverComparesWhatIsNotKnown) {
  FlowRecord bare;
  bare.protocol = kProtocolUdp;
  expect_fails({"tunnel = *", "tunnel ~ x", "tcp_flags_to_server < 5", "client_mac ~ 0"}, bare);
  expect_holds({"tunnel != GRE", "tcp_flags_to_server not in (1)"}, bare);
}

TEST(Filter, CombinesWithAndOrNot) {
  expect_holds({"port = 443 and app = TLS", "port = 80 or app = TLS", "not port = 80",
                "not not port = 443", "NOT port = 80 AND app = TLS"});
  expect_fails({"port = 443 and app = DNS", "port = 80 or app = DNS", "not port = 443"});
}

TEST(Filter, BindsAndTighterThanOr) {
  expect_holds({"port = 443 or app = DNS and app = DNS", "not port = 80 or app = DNS"});
  expect_fails({"(port = 443 or app = DNS) and app = DNS", "not (port = 443 or app = DNS)"});
}

TEST(Filter, SearchesForABareWord) {
  expect_holds(
      {"tls", "\"TLS\"", "web", "eth0", "gre", "10.1.2", "02:00:00", "estab", "web and tls"});
  expect_fails({"dns", "\"10.1.2.3 \"", "443"});
}

TEST(Filter, TakesABareAddressAsOne) {
  expect_holds({"10.1.2.3", "192.0.2.0/24", "not 10.1.2.33"});
  expect_fails({"10.1.2.33", "192.0.3.0/24", "0.1.2.3"});
}

TEST(Filter, UnderstandsQuotes) {
  FlowRecord flow = test_records::full_flow();
  expect_holds({R"(interface = "eth\0")", R"(not interface = "et\"h0")", R"(not "and")", "'tls'"},
               flow);
}

TEST(Filter, TurnsBackForALaterMatchOfAPattern) {
  const FilterTest test{{0}, FilterOperator::kEqual, {WantedText("*ab*abc")}};
  EXPECT_TRUE(test.holds(std::string_view("xxababab-abc")));
  EXPECT_TRUE(test.holds(std::string_view("ababc")));
  EXPECT_FALSE(test.holds(std::string_view("abcab")));
}

TEST(Filter, OfHostsKnowsTheirFields) {
  const HostRecord host = test_records::full_host();
  const std::vector<Prefix> local{*Prefix::parse("10.0.0.0/8")};
  const auto asked = [&](std::string_view text) {
    const auto filter = Filter::parse(text, Entity::kHost);
    return filter && filter->matches([&](uint8_t field) {
      return host_field(host, static_cast<HostField>(field), {"eth0", 0, nullptr, &local});
    });
  };
  EXPECT_TRUE(asked("is_local = true and host in 10.0.0.0/8 and flows = 7"));
  EXPECT_TRUE(asked("key = 10.1.2.3@100.20"));
  EXPECT_FALSE(asked("is_local = false"));
}

}  // namespace
}  // namespace weir
