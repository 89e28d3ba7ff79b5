// SPDX-License-Identifier: GPL-3.0-or-later
// Every capture through the whole engine: totals, flows and the agreement of all sums, against the
// known answers.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "corpus/corpus.h"
#include "engine/shard.h"
#include "engine/test_traffic.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test_traffic::expect_sums_agree;

// Where our flows differ from the reference on purpose, and why.
const std::map<std::string, std::string>& known_differences() {
  static const std::map<std::string, std::string> kReasons{
      {"N-dns_fragmented.pcap",
       "later fragments count to the flow of their first fragment; the reference leaves them out"},
      {"P-ip4_fragments.pcap",
       "later fragments count to the flow of their first fragment; the reference leaves them out"},
      {"N-fuzz-2006-06-26-2594.pcap",
       "later fragments without a first one are a flow without ports; the reference leaves them "
       "out"},
      {"N-fuzz-2021-06-07-c6c72a0a56.pcap",
       "a packet claims 4,093,509,168 bytes; the reference's flow has 2,147,483,647, its own "
       "limit"},
  };
  return kReasons;
}

// VLAN tags, protocol and the two ends in the order of their text.
struct Tuple {
  std::vector<uint16_t> vlan;
  int protocol;
  std::array<std::string, 2> ends;
  auto operator<=>(const Tuple&) const = default;
};
// Packets and bytes sent by either end.
using Counts = std::array<uint64_t, 4>;
using Flows = std::map<Tuple, Counts>;

void add_flow(Flows& flows, Tuple tuple, const Traffic& from_first, const Traffic& from_second) {
  std::array<Traffic, 2> sent{from_first, from_second};
  if (tuple.ends[0] > tuple.ends[1]) {
    std::swap(tuple.ends[0], tuple.ends[1]);
    std::swap(sent[0], sent[1]);
  }
  Counts& counts = flows[tuple];
  for (size_t i = 0; i < 2; ++i) {
    counts[2 * i] += sent[i].packets;
    counts[2 * i + 1] += sent[i].bytes;
  }
}

std::string end_text(const IpAddress& address, uint16_t port) {
  const std::string ip = address.to_string();
  return (ip.find(':') == std::string::npos ? ip : "[" + ip + "]") + ":" + std::to_string(port);
}

Flows expected_flows(const Json& answers) {
  Flows flows;
  for (const Json& flow : answers["flows_inner"]["flows"]) {
    const Tuple tuple{flow["vlan"].get<std::vector<uint16_t>>(),
                      flow["l4"].get<int>(),
                      {flow["a"].get<std::string>(), flow["b"].get<std::string>()}};
    add_flow(flows, tuple, {flow["pk_ab"].get<uint64_t>(), flow["by_ab"].get<uint64_t>()},
             {flow["pk_ba"].get<uint64_t>(), flow["by_ba"].get<uint64_t>()});
  }
  return flows;
}

// Flows that were split by silence or by a new connection on the same ports are added up: the
// reference does not split.
Flows seen_flows(const std::vector<FlowRecord>& records) {
  Flows flows;
  for (const FlowRecord& record : records) {
    Tuple tuple{
        {record.vlan.ids.begin(), record.vlan.ids.begin() + record.vlan.count},
        record.protocol,
        {end_text(record.client, record.client_port), end_text(record.server, record.server_port)}};
    add_flow(flows, tuple, record.to_server, record.to_client);
  }
  return flows;
}

// What happened to the packets of all flows is what happened to all packets.
void expect_tcp_agrees(const std::vector<FlowRecord>& records, const TcpFlows& tcp) {
  TcpQuality sum;
  for (const FlowRecord& record : records) {
    EXPECT_EQ(record.has_tcp_quality, record.protocol == kProtocolTcp);
    sum += record.quality_to_server + record.quality_to_client;
  }
  EXPECT_EQ(sum, tcp.totals());
  EXPECT_EQ(tcp.uncounted(), 0U);
}

Json read_answers(const fs::path& capture) {
  std::ifstream file(capture.parent_path().parent_path() / "expected" /
                     (capture.filename().string() + ".json"));
  return Json::parse(file);
}

// P52 and P53 of the checklist.
TEST(EngineCorpus, AgreesWithTheKnownAnswersAndWithItself) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  std::set<std::string> different;
  for (const fs::path& capture : corpus::list_captures(*folder)) {
    SCOPED_TRACE(capture.filename().string());
    const Json answers = read_answers(capture);
    ShardOptions options;
    options.memory_bytes = size_t{32} << 20;
    test_traffic::TestShard test(options);
    PacketBatch batch;
    corpus::for_each_packet(capture, [&](const PacketView& packet) {
      batch.clear();
      batch.add() = packet;
      test.shard->process(batch);
    });
    expect_sums_agree(*test.shard, "while flows are open");
    test.shard->finish();
    expect_sums_agree(*test.shard, "after they ended");
    const Traffic total = test.shard->counters().total.read();
    EXPECT_EQ(total.packets, answers["packets"].get<uint64_t>());
    EXPECT_EQ(total.bytes, answers["bytes_on_wire"].get<uint64_t>());
    expect_tcp_agrees(test.log.records, test.shard->flows().tcp());
    if (seen_flows(test.log.records) != expected_flows(answers))
      different.insert(capture.filename().string());
  }
  std::set<std::string> allowed;
  for (const auto& [name, reason] : known_differences()) allowed.insert(name);
  EXPECT_EQ(different, allowed);
}

}  // namespace
}  // namespace weir
