// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/read_report.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "query/test_traffic.h"

namespace weir {
namespace {

constexpr ReadCost kCost{2, 1, 1000};

std::vector<test_traffic::Sent> traffic() {
  auto packets = test_traffic::a_second_of_traffic();
  packets.push_back({.length = 33, .when = {1002, 0}, .frame = test_packets::hex("0102030405")});
  return packets;
}

Value report_of(const Interface& interface) {
  return read_report(interface, test_traffic::questions_about({&interface}), kCost, {"torn at 5"});
}

uint64_t sum(const Value& rows, std::string_view member) {
  uint64_t total = 0;
  for (const Value& row : *rows.as<Value::Array>()) total += *row[member].as<uint64_t>();
  return total;
}

TEST(ReadReport, SaysWhatWasRead) {
  const auto interface = test_traffic::watch("x.pcap", traffic());
  const Value report = report_of(*interface);
  EXPECT_EQ(report["packets"], Value(uint64_t{10}));
  EXPECT_EQ(report["bytes"], Value(uint64_t{1837}));
  EXPECT_EQ(report["flows"], Value(uint64_t{4}));
  EXPECT_EQ(report["hosts"], Value(uint64_t{6}));
  EXPECT_EQ(report["duration_s"], Value(2.0));
  EXPECT_EQ(report["packets_per_second"], Value(5.0));
  EXPECT_EQ(to_json(report["warnings"]), R"(["torn at 5"])");
  EXPECT_EQ(report["tcp"]["retransmissions"], Value(uint64_t{0}));
}

TEST(ReadReport, HasPartsThatSumToTheWhole) {
  const auto interface = test_traffic::watch("x.pcap", traffic());
  const Value report = report_of(*interface);
  EXPECT_EQ(sum(report["applications"], "packets"), 10U);
  EXPECT_EQ(sum(report["applications"], "bytes"), 1837U);
  EXPECT_EQ(sum(report["applications"], "flows"), 4U);
  EXPECT_EQ(sum(report["protocols"], "packets"), 9U);
  EXPECT_EQ(report["not_decoded"].as<Value::Object>()->size(), 1U);
}

TEST(ReadReport, IsTheSameForAnyNumberOfShards) {
  const auto one = test_traffic::watch("x.pcap", traffic());
  const auto three = test_traffic::watch("x.pcap", traffic(), 3);
  EXPECT_EQ(to_json(report_of(*one)), to_json(report_of(*three)));
}

// Three requests, of which one was for what is not there.
std::unique_ptr<Interface> read_requests(uint32_t shards) {
  ShardOptions options;
  options.memory_bytes = size_t{32} << 20;
  options.inspects = true;
  options.count = shards;
  std::vector<std::unique_ptr<Shard>> made;
  std::vector<Shard*> all;
  for (options.index = 0; options.index < shards; ++options.index) {
    made.push_back(std::move(*Shard::create(options, nullptr)));
    all.push_back(made.back().get());
  }
  const auto ask = [&](uint16_t port, double when, const std::string& path, const char* status) {
    test_traffic::converse(
        all, port,
        {{when, true, 2},
         {when + 0.001, false, 0x12},
         {when + 0.002, true, 0x10, "GET " + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n"},
         {when + 0.102, false, 0x10,
          std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\n\r\n"}});
  };
  ask(40'001, 1000, "/b", "404 Not Found");
  ask(40'002, 1001, "/a", "200 OK");
  ask(40'003, 1002, "/twice", "200 OK");
  ask(40'004, 1003, "/twice", "200 OK");
  return std::make_unique<Interface>("x.pcap", "x.pcap", 0, std::move(made));
}

TEST(ReadReport, ListsTransactionsByTheTimeTheyTookInAll) {
  const auto interface = read_requests(1);
  const Value report = report_of(*interface);
  EXPECT_EQ(report["transaction_keys"], Value(uint64_t{3}));
  const auto* rows = report["transactions"].as<Value::Array>();
  ASSERT_TRUE(rows != nullptr && rows->size() == 3);
  EXPECT_EQ((*rows)[0]["key"], Value("GET example.org/twice"));
  EXPECT_EQ((*rows)[0]["transactions"], Value(uint64_t{2}));
  EXPECT_EQ((*rows)[0]["slowest_part"], Value("server_thinking"));
  EXPECT_EQ((*rows)[1]["key"], Value("GET example.org/a")) << "equal ones by name";
  EXPECT_EQ((*rows)[2]["errors"], Value(uint64_t{1}));
  EXPECT_EQ(to_json(report), to_json(report_of(*read_requests(3))));
}

TEST(ReadReport, OfNothingDividesByNothing) {
  const auto interface = test_traffic::watch("x.pcap", {});
  const Value report =
      read_report(*interface, test_traffic::questions_about({interface.get()}), {}, {});
  EXPECT_EQ(report["packets_per_second"], Value(0.0));
  EXPECT_EQ(to_json(report["applications"]), "[]");
  EXPECT_EQ(to_json(report["transactions"]), "[]");
  EXPECT_FALSE(read_summary("x.pcap", report, {}, {}).empty());
}

TEST(ReadSummary, SaysWhatHappenedToTcpPackets) {
  auto packets = traffic();
  const test_traffic::Sent reset{.protocol = kProtocolTcp, .when = {1002, 0}, .tcp_flags = 4};
  packets.insert(packets.end(), {reset, reset});
  const auto interface = test_traffic::watch("x.pcap", packets);
  const Value report = report_of(*interface);
  EXPECT_EQ(report["tcp"]["resets"], Value(uint64_t{2}));
  EXPECT_NE(read_summary("x.pcap", report, {}, {}).find("TCP: keep-alives 1, resets 2\n"),
            std::string::npos);
}

TEST(ReadSummary, ShowsTotalsSharesAndEnds) {
  const auto interface = test_traffic::watch("x.pcap", traffic());
  const LiveQuestions questions = test_traffic::questions_about({interface.get()});
  const Answer hosts = questions.hosts({.sort = "bytes"});
  Value conversation;
  conversation.set("client_ip", "2001:db8::1");
  conversation.set("client_port", uint64_t{40002});
  conversation.set("server_ip", "10.0.0.2");
  conversation.set("server_port", uint64_t{53});
  conversation.set("application", "DNS");
  conversation.set("bytes_to_server", uint64_t{1'234'567});
  const std::string text =
      read_summary("x\x1b.pcap", report_of(*interface), *hosts, Value::Array{conversation});
  for (const std::string_view part :
       {"x\\x1b.pcap\n", "10 packets, 1.84 kB in 2.000 s (7.35 kbit/s on average)",
        "4 flows, 6 hosts", "DNS", "67.5 %", "Non-IP", "10.0.0.3",
        "[2001:db8::1]:40002 > 10.0.0.2:53", "1.23 MB", "Not decoded: 1 "}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

}  // namespace
}  // namespace weir
