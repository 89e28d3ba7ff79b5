// SPDX-License-Identifier: GPL-3.0-or-later
// What hosts of every capture are said to have done and to be called: against their flows, which
// were summed apart, and against the names in tshark's ClientHellos.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "corpus/corpus.h"
#include "engine/test_traffic.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Truth {
  std::map<uint16_t, ApplicationPart> applications;
  std::array<std::set<HostKey>, kHostRoles> peers;
  std::array<std::set<std::pair<uint8_t, uint16_t>>, kHostRoles> ports;
  std::array<uint64_t, kHostRoles> flows{};
  TcpQuality sent;
  TcpQuality received;
};

std::map<HostKey, Truth> truth_of(const std::vector<FlowRecord>& flows) {
  std::map<HostKey, Truth> hosts;
  for (const FlowRecord& flow : flows) {
    for (const HostRole role : {HostRole::kClient, HostRole::kServer}) {
      const bool is_client = role == HostRole::kClient;
      const auto index = static_cast<size_t>(role);
      Truth& host = hosts[{is_client ? flow.client : flow.server, flow.vlan}];
      const ApplicationPart part = part_of_flow(flow, role);
      ApplicationPart& sum = host.applications[flow.application];
      sum.application = flow.application;
      sum.flows += 1;
      sum.sent += part.sent;
      sum.received += part.received;
      host.flows[index] += 1;
      host.peers[index].insert({is_client ? flow.server : flow.client, flow.vlan});
      if (flow.server_port != 0) host.ports[index].insert({flow.protocol, flow.server_port});
      host.sent += is_client ? flow.quality_to_server : flow.quality_to_client;
      host.received += is_client ? flow.quality_to_client : flow.quality_to_server;
    }
  }
  return hosts;
}

void expect_count(const DistinctSet& set, size_t count, const std::string& what) {
  const auto wanted = static_cast<double>(count);
  const double slack =
      count <= DistinctSet::kMostFew ? 0 : wanted * 5 * DistinctSet::kRelativeError;
  EXPECT_NEAR(static_cast<double>(set.count()), wanted, slack) << what;
}

void expect_host(const HostRecord& host, const Truth& truth) {
  const std::string name = host.key.address.to_string();
  EXPECT_FALSE(host.is_partial) << name;
  EXPECT_EQ(host.flows_ever, truth.flows) << name;
  EXPECT_EQ(host.profile.tcp_sent, truth.sent) << name;
  EXPECT_EQ(host.profile.tcp_received, truth.received) << name;
  expect_count(host.profile.set(HostSet::kServers), truth.peers[0].size(), name);
  expect_count(host.profile.set(HostSet::kClients), truth.peers[1].size(), name);
  expect_count(host.profile.set(HostSet::kPortsContacted), truth.ports[0].size(), name);
  expect_count(host.profile.set(HostSet::kPortsServed), truth.ports[1].size(), name);
  Traffic parts;
  for (const ApplicationPart& part : host.profile.applications) {
    parts += part.sent + part.received;
    if (part.application == kOtherApplications) {
      EXPECT_GE(truth.applications.size(), HostProfiles::kMostApplications) << name;
      continue;
    }
    const auto known = truth.applications.find(part.application);
    ASSERT_NE(known, truth.applications.end()) << name;
    EXPECT_EQ(part, known->second) << name;
  }
  EXPECT_EQ(parts, host.total_sent() + host.total_received()) << name;
}

class HostCorpus : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = corpus::find_captures();
    if (!folder_) GTEST_SKIP() << "skipped: corpus not there";
  }

  // Each capture through a shard, to its end.
  template <typename Check>
  void for_each_capture(Check&& check) {
    for (const fs::path& capture : corpus::list_captures(*folder_)) {
      SCOPED_TRACE(capture.filename().string());
      ShardOptions options;
      options.memory_bytes = size_t{64} << 20;
      options.inspects = true;
      options.timeouts.host = IdleTimeouts::kNever;
      test_traffic::TestShard test(options);
      PacketBatch batch;
      corpus::for_each_packet(capture, [&](const PacketView& packet) {
        batch.clear();
        batch.add() = packet;
        test.shard->process(batch);
      });
      test.shard->finish();
      check(capture, test);
    }
  }

  std::optional<fs::path> folder_;
};

TEST_F(HostCorpus, DidWhatTheirFlowsDid) {
  size_t hosts = 0;
  for_each_capture([&](const fs::path&, const test_traffic::TestShard& test) {
    const auto truth = truth_of(test.log.records);
    const HostTable& table = test.shard->hosts();
    for (uint32_t slot = 1; slot < table.limit(); ++slot) {
      auto host = table.full_snapshot(slot, 0);
      if (!host) continue;
      host->profile.complete(host->flows_ever[0] + host->flows_ever[1], host->total_sent(),
                             host->total_received());
      const auto known = truth.find(host->key);
      ASSERT_NE(known, truth.end()) << host->key.address.to_string();
      expect_host(*host, known->second);
      ++hosts;
    }
  });
  EXPECT_GT(hosts, 900U);
}

std::optional<IpAddress> address_in(const std::string& end) {
  const std::string ip = end.substr(0, end.rfind(':'));
  return IpAddress::parse(ip.starts_with('[') ? std::string_view(ip).substr(1, ip.size() - 2)
                                              : std::string_view(ip));
}

// The names of an address in whatever VLAN.
std::vector<HostFact> facts_of(const test_traffic::TestShard& test, const IpAddress& address) {
  std::vector<HostFact> facts;
  for (const FlowRecord& flow : test.log.records) {
    if (flow.server == address) test.shard->add_facts({address, flow.vlan}, facts);
  }
  return facts;
}

std::string lowered(std::string text) {
  for (char& c : text) c = ascii_lower(c);
  return text;
}

TEST_F(HostCorpus, AreCalledWhatTsharkReadsInClientHellos) {
  size_t asked = 0;
  size_t found = 0;
  for_each_capture([&](const fs::path& capture, const test_traffic::TestShard& test) {
    std::ifstream file(capture.parent_path().parent_path() / "expected" /
                       (capture.filename().string() + ".json"));
    const Json answers = Json::parse(file);
    std::map<IpAddress, std::set<std::string>> names;
    for (const Json& hello : answers["tls"]["client_hellos"]) {
      const auto server = address_in(hello["dst"].get<std::string>());
      if (!server || !hello.contains("sni")) continue;
      for (const Json& name : hello["sni"]) {
        if (name.is_string() && !IpAddress::parse(name.get<std::string>()))
          names[*server].insert(lowered(name.get<std::string>()));
      }
    }
    for (const auto& [server, wanted] : names) {
      size_t known = 0;
      for (const HostFact& fact : facts_of(test, server))
        known += fact.kind == HostFactKind::kTlsName && wanted.contains(fact.text) ? 1 : 0;
      const size_t most = std::min(wanted.size(), most_facts(HostFactKind::kTlsName));
      asked += most;
      found += known;
      if (known < most)
        std::cout << capture.filename().string() << ": " << server.to_string() << " has " << known
                  << " of " << most << " names, such as " << *wanted.begin() << "\n";
    }
  });
  std::cout << found << " of " << asked << " names of TLS servers\n";
  EXPECT_GT(asked, 150U);
  EXPECT_GE(static_cast<double>(found), 0.98 * static_cast<double>(asked));
}

}  // namespace
}  // namespace weir
