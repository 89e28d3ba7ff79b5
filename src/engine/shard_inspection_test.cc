// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads through the whole shard: what is found, when it is looked for, and what readers see.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;

ShardOptions inspecting() {
  ShardOptions options;
  options.memory_bytes = size_t{48} << 20;
  options.inspects = true;
  return options;
}

// A TCP connection to port 9999, which is nobody's.
class Connection {
 public:
  explicit Connection(uint16_t client_port = 40'000) : client_port_(client_port) {}

  PacketSpec client(uint8_t flags, std::string payload = {}) {
    return packet(true, flags, std::move(payload));
  }
  PacketSpec server(uint8_t flags, std::string payload = {}) {
    return packet(false, flags, std::move(payload));
  }
  std::vector<PacketSpec> handshake() {
    return {client(kTcpSyn), server(kTcpSyn | kTcpAck), client(kTcpAck)};
  }

 private:
  PacketSpec packet(bool from_client, uint8_t flags, std::string payload) {
    PacketSpec spec;
    spec.protocol = kProtocolTcp;
    spec.tcp_flags = flags;
    spec.source_port = from_client ? client_port_ : 9999;
    spec.destination_port = from_client ? 9999 : client_port_;
    if (!from_client) std::swap(spec.source, spec.destination);
    uint32_t& next = from_client ? client_next_ : server_next_;
    spec.tcp_sequence = next;
    next += static_cast<uint32_t>(payload.size()) + ((flags & kTcpSyn) != 0 ? 1 : 0);
    spec.payload = std::move(payload);
    spec.seconds = kStart;
    return spec;
  }

  uint16_t client_port_;
  uint32_t client_next_ = 0xfffffff0;
  uint32_t server_next_ = 77;
};

FlowRecord only_flow(const TestShard& test) {
  const auto flow = test.shard->flows().full_snapshot(1, test.shard->clock_second());
  EXPECT_TRUE(flow.has_value());
  return flow.value_or(FlowRecord());
}

// Two requests; the content of the first answer comes in `parts`.
std::vector<PacketSpec> two_exchanges(const std::vector<size_t>& parts) {
  Connection connection;
  std::vector<PacketSpec> packets = connection.handshake();
  size_t length = 0;
  for (const size_t part : parts) length += part;
  const std::string host = " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
  packets.push_back(connection.client(kTcpAck, "GET /a" + host));
  packets.push_back(connection.server(
      kTcpAck, "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n"));
  for (const size_t part : parts)
    packets.push_back(connection.server(kTcpAck, std::string(part, 'x')));
  packets.push_back(connection.client(kTcpAck, "GET /b" + host));
  packets.push_back(connection.server(kTcpAck, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));
  return packets;
}

TEST(ShardInspection, LooksAtNoContent) {
  TestShard test(inspecting());
  test.see(two_exchanges({100, 200, 300, 400}));
  EXPECT_EQ(test.shard->inspector()->inspected_packets(), 7U)
      << "two SYNs, two requests, two answers, the end of the content";
  const FlowRecord flow = only_flow(test);
  EXPECT_EQ(flow.transactions.count, 2U);
  EXPECT_EQ(flow.metadata.first(MetadataField::kHttpStatus), "200");
  size_t urls = 0;
  for (const MetadataEntry& entry : flow.metadata.entries())
    urls += entry.field == MetadataField::kHttpUrl ? 1 : 0;
  EXPECT_EQ(urls, 2U);
}

TEST(ShardInspection, ARecordThatIsReadIntoAgainKeepsNothingOfTheFlowBefore) {
  TestShard test(inspecting());
  test.see(two_exchanges({100}));
  test.see(Connection(41'000).handshake());
  const FlowTable& flows = test.shard->flows();
  FlowRecord record;
  ASSERT_TRUE(flows.full_read(1, test.shard->clock_second(), record));
  EXPECT_EQ(record.metadata.first(MetadataField::kHttpStatus), "200");
  ASSERT_TRUE(flows.full_read(2, test.shard->clock_second(), record));
  EXPECT_TRUE(record.metadata.empty());
  EXPECT_FALSE(record.metadata.has(MetadataField::kHttpStatus));
  EXPECT_EQ(record.transactions.count, 0U);
}

TEST(ShardInspection, LooksAtNoSegmentAgain) {
  const std::vector<PacketSpec> packets = two_exchanges({100, 200, 300, 400});
  TestShard test(inspecting());
  test.see(packets);
  const uint64_t before = test.shard->inspector()->inspected_packets();
  test.see({packets.begin() + 3, packets.end()});
  EXPECT_EQ(test.shard->inspector()->inspected_packets(), before);
  EXPECT_EQ(only_flow(test).transactions.count, 2U);
}

TEST(ShardInspection, FindsTheNextAnswerThoughContentComesLateOrTwice) {
  const std::vector<PacketSpec> packets = two_exchanges({100, 200, 300, 400});
  std::vector<size_t> order{0, 1, 2, 3, 4, 5, 7, 6, 7, 5, 8, 9, 10};
  TestShard test(inspecting());
  std::vector<PacketSpec> shuffled;
  for (const size_t at : order) shuffled.push_back(packets[at]);
  test.see(shuffled);
  EXPECT_EQ(only_flow(test).transactions.count, 2U);
}

// A lossy wire near a fast sender: more follows than can wait until the hole is filled.
TEST(ShardInspection, FindsTheNextAnswerThoughAHoleInContentWasGivenUp) {
  std::vector<PacketSpec> packets = two_exchanges(std::vector<size_t>(30, 1000));
  constexpr size_t kLost = 8;
  packets.insert(packets.begin() + 25, packets[kLost]);
  packets.erase(packets.begin() + kLost);
  TestShard test(inspecting());
  test.see(packets);
  EXPECT_EQ(only_flow(test).transactions.count, 2U);
}

TEST(ShardInspection, NamesAFlowByItsPayloadWhateverItsPort) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake());
  EXPECT_EQ(application_name(only_flow(test).application), "Unknown");
  EXPECT_EQ(test.shard->inspector()->inspected_flows(), 0U) << "there is no payload yet";
  test.see({connection.client(kTcpAck, "GET /a HTTP/1.1\r\nHost: www.example.org\r\n\r\n")});
  const FlowRecord flow = only_flow(test);
  EXPECT_EQ(application_name(flow.application), "HTTP");
  EXPECT_EQ(flow.confidence, Confidence::kPayload);
  EXPECT_EQ(flow.metadata.first(MetadataField::kHttpUrl), "www.example.org/a");
  EXPECT_TRUE(test.shard->flows().snapshot(1, 0)->metadata.empty()) << "nobody asked for it";
}

TEST(ShardInspection, ReadsSegmentsThatCameInTheWrongOrder) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake());
  const PacketSpec first = connection.client(kTcpAck, "GET /first HTTP/1.1\r\nHo");
  const PacketSpec second = connection.client(kTcpAck, "st: example.org\r\n\r\n");
  test.see({second, first});
  EXPECT_EQ(only_flow(test).metadata.first(MetadataField::kHttpUrl), "example.org/first");
}

TEST(ShardInspection, GivesWhatWasFoundToTheRecordOfAFlowThatEnds) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake());
  test.see({connection.client(kTcpAck, "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
            connection.server(kTcpAck, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")});
  test.shard->finish();
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records[0].metadata.first(MetadataField::kHttpStatus), "404");
  EXPECT_EQ(application_name(test.log.records[0].application), "HTTP");
  EXPECT_EQ(test.shard->flows().metadata()->values(), 0U) << "and lets go of it";
}

TEST(ShardInspection, StopsLookingAtWhatNobodyKnows) {
  TestShard test(inspecting());
  std::vector<PacketSpec> specs(100);
  for (PacketSpec& spec : specs) {
    spec.payload = "\x80\x81\x82nothing that is known";
    spec.source_port = 40'001;
    spec.destination_port = 40'002;
  }
  test.see(specs);
  const uint64_t looked_at = test.shard->inspector()->inspected_packets();
  EXPECT_LE(looked_at, 30U);
  test.see(specs);
  EXPECT_EQ(test.shard->inspector()->inspected_packets(), looked_at);
  EXPECT_TRUE(test.shard->flows().is_inspected(1));
  EXPECT_EQ(only_flow(test).to_server.packets, 200U);
}

TEST(ShardInspection, NamesAFlowThatAnotherOneAnnounced) {
  TestShard test(inspecting());
  Connection control(40'000);
  test.see(control.handshake());
  test.see({control.server(kTcpAck, "220 FTP server\r\n"),
            control.server(kTcpAck, "229 Entering Extended Passive Mode (|||5555|)\r\n")});
  Connection data(41'000);
  std::vector<PacketSpec> packets = data.handshake();
  packets.push_back(data.client(kTcpAck, "what nobody knows"));
  for (PacketSpec& packet : packets) {
    uint16_t& port = packet.source_port == 9999 ? packet.source_port : packet.destination_port;
    port = 5555;
  }
  test.see(packets);
  const auto flow = test.shard->flows().full_snapshot(2, test.shard->clock_second());
  ASSERT_TRUE(flow.has_value());
  EXPECT_EQ(application_name(flow->application), "FTP_DATA");
  EXPECT_EQ(flow->confidence, Confidence::kPayload);
  EXPECT_EQ(test.shard->inspector()->announced_flows(), 1U);
  EXPECT_TRUE(test.shard->flows().is_inspected(2)) << "there is nothing more to learn of it";
}

std::shared_ptr<const ProtocolRules> payroll_rules() {
  const auto rules = ProtocolRules::parse("",
                                          "[[application]]\nname = \"Payroll\"\n"
                                          "tcp = [8443]\nnetworks = [\"192.0.2.0/24\"]\n",
                                          "rules.toml");
  EXPECT_TRUE(rules.ok());
  return rules.ok() ? *rules : nullptr;
}

// P64 and P66 of the checklist.
TEST(ShardInspection, NamesAFlowWithoutPayloadByARulesPortOrNetwork) {
  for (const bool inspects : {true, false}) {
    ShardOptions options = inspecting();
    options.inspects = inspects;
    options.rules = payroll_rules();
    TestShard test(options);
    std::vector<PacketSpec> syns(3);
    for (PacketSpec& syn : syns) {
      syn.protocol = kProtocolTcp;
      syn.tcp_flags = kTcpSyn;
      syn.destination_port = 8443;
    }
    syns[1].destination_port = 40'000;
    syns[1].destination = 0xc0000207;
    syns[2].destination_port = 80;
    test.see(syns);
    const std::pair<std::string_view, Confidence> expected[] = {{"Payroll", Confidence::kPort},
                                                                {"Payroll", Confidence::kAddress},
                                                                {"HTTP", Confidence::kPort}};
    for (uint32_t slot = 1; slot <= 3; ++slot) {
      const auto flow = test.shard->flows().full_snapshot(slot, test.shard->clock_second());
      ASSERT_TRUE(flow.has_value());
      EXPECT_EQ(application_name(flow->application), expected[slot - 1].first);
      EXPECT_EQ(flow->confidence, expected[slot - 1].second);
    }
    expect_sums_agree(*test.shard, "what was named by rules");
  }
}

TEST(ShardInspection, TakesNewRulesForTheFlowsThatBeginThen) {
  for (const bool inspects : {true, false}) {
    ShardOptions options = inspecting();
    options.inspects = inspects;
    TestShard test(options);
    PacketSpec syn;
    syn.protocol = kProtocolTcp;
    syn.tcp_flags = kTcpSyn;
    syn.destination_port = 8443;
    test.see({syn});
    test.shard->use_rules(payroll_rules());
    ++syn.source_port;
    test.see({syn});
    const auto name_of = [&](uint32_t slot) {
      return application_name(test.shard->flows().full_snapshot(slot, 0)->application);
    };
    EXPECT_NE(name_of(1), "Payroll");
    EXPECT_EQ(name_of(2), "Payroll");
  }
}

TEST(ShardInspection, LooksAtNothingUnlessAskedTo) {
  TestShard test;
  Connection connection;
  test.see(connection.handshake());
  test.see({connection.client(kTcpAck, "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")});
  EXPECT_EQ(test.shard->inspector(), nullptr);
  EXPECT_EQ(only_flow(test).application, kApplicationUnknown);
  EXPECT_TRUE(only_flow(test).metadata.empty());
}

TEST(ShardInspection, RefusesFlowsBeyondItsRoomAndKeepsTheirGuess) {
  ShardOptions options = inspecting();
  options.memory_bytes = Shard::kMinMemoryToInspect;
  TestShard test(options);
  std::vector<PacketSpec> specs(3000);
  for (uint32_t i = 0; i < specs.size(); ++i) {
    specs[i].protocol = kProtocolTcp;
    specs[i].tcp_flags = kTcpAck;
    specs[i].source += i;
    specs[i].destination_port = 443;
    specs[i].payload = "GET / HTT";  // to be continued
  }
  test.see(specs);
  const Inspector& inspector = *test.shard->inspector();
  EXPECT_GT(inspector.inspected_flows(), 100U);
  EXPECT_GT(inspector.refused_flows(), 100U);
  EXPECT_EQ(inspector.inspected_flows() + inspector.refused_flows(), specs.size());
  test.shard->finish();
  for (const FlowRecord& record : test.log.records) EXPECT_NE(record.application, 0);
  expect_sums_agree(*test.shard, "refused flows are counted all the same");
}

TEST(ShardInspection, LooksIntoFewerFlowsWhenToldTo) {
  TestShard test(inspecting());
  test.shard->thin_inspection(4);
  std::vector<PacketSpec> specs(100);
  for (uint32_t i = 0; i < specs.size(); ++i) {
    specs[i].protocol = kProtocolTcp;
    specs[i].tcp_flags = kTcpAck;
    specs[i].source += i;
    specs[i].payload = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
  }
  test.see(specs);
  const Inspector& inspector = *test.shard->inspector();
  EXPECT_EQ(inspector.inspected_flows(), 25U);
  EXPECT_EQ(inspector.thinned_flows(), 75U);
  EXPECT_EQ(inspector.refused_flows(), 0U);
  expect_sums_agree(*test.shard, "packets of flows that are left out are counted all the same");
  test.shard->thin_inspection(1);
  for (PacketSpec& spec : specs) ++spec.source_port;
  test.see(specs);
  EXPECT_EQ(inspector.inspected_flows(), 125U);
}

// Requests whose connections stay open hold their place only while there is plenty of it.
TEST(ShardInspection, LetsGoOfNamedFlowsBeforeItRefusesNewOnes) {
  ShardOptions options = inspecting();
  options.memory_bytes = Shard::kMinMemoryToInspect;
  TestShard test(options);
  std::vector<PacketSpec> specs;
  for (uint32_t i = 0; i < 3000; ++i) {
    Connection connection;
    for (int request = 0; request < 2; ++request) {
      specs.push_back(connection.client(kTcpAck, "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"));
      specs.back().source += i;
    }
  }
  test.see(specs);
  const Inspector& inspector = *test.shard->inspector();
  EXPECT_EQ(inspector.refused_flows(), 0U);
  EXPECT_EQ(inspector.inspected_flows(), 3000U);
  EXPECT_GT(inspector.unfollowed_flows(), 2000U);
  test.shard->finish();
  for (const FlowRecord& record : test.log.records)
    EXPECT_EQ(application_name(record.application), "HTTP");
}

std::string random_text(std::mt19937& random, size_t bytes) {
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// Two segments of a stream whose beginning never comes, so that they wait for it; or a handshake of
// BitTorrent and what follows; or a datagram of its hash table.
std::vector<PacketSpec> hostile_flow(std::mt19937& random, uint32_t number) {
  Connection connection(static_cast<uint16_t>(1024 + number % 60'000));
  std::vector<PacketSpec> packets = connection.handshake();
  const std::string torrent =
      "\x13"
      "BitTorrent protocol" +
      std::string(8, '\0') + random_text(random, 40);
  switch (number % 3) {
    case 0:
      static_cast<void>(connection.client(kTcpAck, "lost"));
      static_cast<void>(connection.server(kTcpAck, "lost"));
      for (int i = 0; i < 7; ++i) {
        packets.push_back(connection.client(kTcpAck, random_text(random, 1400)));
        packets.push_back(connection.server(kTcpAck, random_text(random, 1400)));
      }
      break;
    case 1:
      packets.push_back(connection.client(kTcpAck, torrent));
      packets.push_back(connection.server(kTcpAck, torrent));
      packets.push_back(connection.client(kTcpAck, random_text(random, 1400)));
      break;
    default:
      packets.resize(1);
      packets[0].protocol = kProtocolUdp;
      packets[0].payload = "d1:ad2:id20:" + random_text(random, 20) + "e1:q4:ping1:t2:aa1:y1:qe";
  }
  for (PacketSpec& packet : packets) packet.seconds = kStart + number / 1000.0;
  return packets;
}

TEST(ShardInspection, KeepsToItsBytesUnderBittorrentAndRandomPayloads) {
  ShardOptions options = inspecting();
  options.memory_bytes = Shard::kMinMemoryToInspect;
  options.timeouts.flow = options.timeouts.flow_two_way = options.timeouts.flow_established =
      std::chrono::seconds(10);
  TestShard test(options);
  const Inspector& inspector = *test.shard->inspector();
  const size_t bound = options.memory_bytes / 16;
  constexpr size_t kPacket = 1500;
  std::mt19937 random(7);
  uint64_t most = 0;
  for (uint32_t number = 0; number < 6000; ++number) {
    test.see(hostile_flow(random, number));
    most = std::max(most, inspector.bytes_in_work());
    ASSERT_LE(inspector.bytes_in_work(), bound + kPacket) << "flow " << number;
  }
  EXPECT_GT(most, bound / 4 * 3) << "the flood is one";
  EXPECT_GT(inspector.refused_flows() + inspector.unfollowed_flows(), 1000U);
  expect_sums_agree(*test.shard, "the flood");

  // When it is over everything is as before.
  Connection connection;
  std::vector<PacketSpec> later = connection.handshake();
  for (uint32_t i = 0; i < 100; ++i) {
    for (PacketSpec& packet : later) packet.seconds = kStart + 100 + i;
    test.see(later);
  }
  EXPECT_EQ(inspector.bytes_in_work(), 0U);
  later = {connection.client(kTcpAck, "GET /a HTTP/1.1\r\nHost: www.example.org\r\n\r\n")};
  later[0].seconds = kStart + 201;
  test.see(later);
  const std::vector<FlowRecord> flows = test.flows();
  EXPECT_TRUE(std::ranges::any_of(
      flows, [](const FlowRecord& flow) { return application_name(flow.application) == "HTTP"; }));
}

TEST(ShardInspection, NeedsMemoryForIt) {
  ShardOptions options = inspecting();
  options.memory_bytes = Shard::kMinMemory;
  EXPECT_FALSE(Shard::create(options, nullptr).ok());
}

// Each flow asks for a name that its port alone decides, so a torn list betrays itself.
std::string question(uint16_t port) {
  const std::string label = "host-of-port-" + std::to_string(port);
  std::string dns("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
  dns += static_cast<char>(label.size());
  return dns + label +
         std::string(
             "\x07"
             "example\x03"
             "org\x00\x00\x01\x00\x01",
             17);
}

TEST(ShardInspection, ReadersNeverSeeTornMetadata) {
  ShardOptions options = inspecting();
  options.timeouts.flow = options.timeouts.flow_two_way = std::chrono::seconds(2);
  options.timeouts.host = std::chrono::seconds(2);
  TestShard test(options);
  std::atomic<bool> done{false};
  std::atomic<uint64_t> seen{0};
  std::atomic<uint64_t> torn{0};
  std::jthread reader([&] {
    while (!done.load()) {
      const Shard& shard = *test.shard;
      for (uint32_t slot = 1; slot < shard.flows().limit(); ++slot) {
        const auto flow = shard.flows().full_snapshot(slot, shard.clock_second());
        if (!flow || flow->metadata.empty()) continue;
        seen.fetch_add(1);
        const std::string wanted =
            "host-of-port-" + std::to_string(flow->client_port) + ".example.org";
        if (flow->metadata.first(MetadataField::kDnsQuery) != wanted) torn.fetch_add(1);
      }
    }
  });
  for (int round = 0; round < 400; ++round) {
    std::vector<PacketSpec> specs(64);
    for (uint32_t i = 0; i < specs.size(); ++i) {
      specs[i].source_port = static_cast<uint16_t>(10'000 + (round * 64U + i) % 5000);
      specs[i].destination_port = 53;
      specs[i].payload = question(specs[i].source_port);
      specs[i].seconds = kStart + round / 5.0;
    }
    test.see(specs);
  }
  done.store(true);
  reader.join();
  EXPECT_GT(seen.load(), 0U);
  EXPECT_EQ(torn.load(), 0U);
}

}  // namespace
}  // namespace weir
