// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/host_details.h"

#include <gtest/gtest.h>

#include <map>

#include "query/test_traffic.h"
#include "record/applications.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::questions_about;
using test_traffic::Sent;
using test_traffic::watch;

HostKey key_of(std::string_view address) {
  return {*IpAddress::parse(address), {}};
}

// 10.0.0.1 talks to many in many applications; each flow may fall to another shard.
std::vector<Sent> many_flows() {
  std::vector<Sent> packets;
  for (uint16_t i = 0; i < 300; ++i) {
    constexpr std::array<uint16_t, 5> kPorts{53, 123, 161, 443, 9};
    packets.push_back({.source = "10.0.0.1",
                       .destination = "10.1.0." + std::to_string(i % 40 + 1),
                       .source_port = static_cast<uint16_t>(1000 + i),
                       .destination_port = kPorts[i % 5],
                       .length = 100U + i,
                       .when = {1000, i}});
  }
  return packets;
}

std::map<uint16_t, ApplicationPart> parts_of(const HostRecord& host) {
  std::map<uint16_t, ApplicationPart> parts;
  for (const ApplicationPart& part : host.profile.applications) parts[part.application] = part;
  return parts;
}

TEST(HostDetails, AreOfActiveFlowsAsOfEndedOnes) {
  const auto interface = watch("eth0", many_flows());
  const auto active = whole_hosts(*interface, {key_of("10.0.0.1"), key_of("192.0.2.99")});
  ASSERT_TRUE(active[0]);
  EXPECT_FALSE(active[1]) << "nobody knows it";
  EXPECT_EQ(active[0]->active_flows, 300U);
  const auto shards = watch("eth0", many_flows(), 1);
  const_cast<Shard&>(*shards->shards()[0]).finish();
  const auto ended = whole_hosts(*shards, {key_of("10.0.0.1")});
  EXPECT_EQ(ended[0]->active_flows, 0U);
  EXPECT_EQ(parts_of(*active[0]), parts_of(*ended[0]));
  EXPECT_EQ(parts_of(*active[0]).size(), 5U);
}

TEST(HostDetails, OfSeveralShardsAreThoseOfOne) {
  const auto one = watch("eth0", many_flows());
  const auto four = watch("eth0", many_flows(), 4);
  for (const char* address : {"10.0.0.1", "10.1.0.7"}) {
    const auto whole = whole_hosts(*one, {key_of(address)})[0];
    const auto sum = whole_hosts(*four, {key_of(address)})[0];
    ASSERT_TRUE(whole && sum);
    EXPECT_EQ(parts_of(*sum), parts_of(*whole));
    EXPECT_EQ(sum->flows_ever, whole->flows_ever);
    EXPECT_EQ(sum->active_client_flows, whole->active_client_flows);
    for (size_t i = 0; i < kHostSets; ++i)
      EXPECT_EQ(sum->profile.sets[i].count(), whole->profile.sets[i].count()) << i;
    Traffic parts;
    for (const ApplicationPart& part : sum->profile.applications)
      parts += part.sent + part.received;
    EXPECT_EQ(parts, sum->total_sent() + sum->total_received());
  }
}

TEST(HostDetails, AreFoundWhereTheHostWasAndElsewhere) {
  const auto interface = watch("eth0", many_flows());
  const HostTable& hosts = interface->shards()[0]->hosts();
  const std::vector<HostKey> keys{key_of("10.0.0.1"), key_of("10.1.0.7")};
  std::vector<uint32_t> slots(2);
  hosts.visit_live([&](uint32_t slot) {
    if (hosts.key(slot) == keys[0]) slots[0] = slot;
    if (hosts.key(slot) == keys[1]) slots[1] = slot;
  });
  const auto expected = whole_hosts(*interface, keys);
  for (const auto& given :
       {slots, {slots[1], slots[0]}, {slots[0], HostTable::kOther}, {UINT32_MAX, 1}}) {
    const auto found = whole_hosts(*interface, keys, given);
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_TRUE(found[i]);
      EXPECT_EQ(found[i]->key, keys[i]);
      EXPECT_EQ(parts_of(*found[i]), parts_of(*expected[i]));
    }
  }
}

TEST(HostDetails, AreInListsAndItems) {
  const auto interface = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({interface.get()});
  const auto list = questions.hosts(
      {.sort = "bytes", .limit = 1, .columns = {"key", "application", "peers_as_client"}});
  ASSERT_TRUE(list);
  EXPECT_EQ(to_json((*list)["rows"]),
            R"([{"key":"10.0.0.3","application":"DNS","peers_as_client":1}])");
  const auto item = questions.host({"10.0.0.1"});
  ASSERT_TRUE(item);
  EXPECT_EQ(to_json((*item)["applications"]),
            R"([{"name":"TLS","category":"Web","flows":1,"packets_sent":2,"packets_received":1,)"
            R"("bytes_sent":150,"bytes_received":200},)"
            R"({"name":"ICMP","category":"Network","flows":1,"packets_sent":1,)"
            R"("packets_received":0,"bytes_sent":64,"bytes_received":0}])");
  EXPECT_EQ(to_json((*item)["flows_total_as_client"]), "2");
}

TEST(HostDetails, CanBeSortedAndFilteredBy) {
  const auto interface = watch("eth0", many_flows(), 2);
  const LiveQuestions questions = questions_about({interface.get()});
  const auto sorted =
      questions.hosts({.sort = "peers_as_client", .limit = 1, .columns = {"key", "flows_total"}});
  ASSERT_TRUE(sorted);
  EXPECT_EQ(to_json((*sorted)["rows"]), R"([{"key":"10.0.0.1","flows_total":300}])");
  const auto filtered = questions.hosts({.filter = "ports_served = 1 and flows_as_server > 7",
                                         .sort = "address",
                                         .columns = {"key"}});
  ASSERT_TRUE(filtered);
  EXPECT_EQ(to_json((*filtered)["total"]), "20");
}

}  // namespace
}  // namespace weir
