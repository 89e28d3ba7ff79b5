// SPDX-License-Identifier: GPL-3.0-or-later
// What hosts are called and what they run, learnt from flows, their own and those of others.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr uint32_t kClient = 0x0a000001;
constexpr uint32_t kNameServer = 0x0a000035;
constexpr uint32_t kServer = 0xc0000207;  // 192.0.2.7

ShardOptions inspecting() {
  ShardOptions options;
  options.memory_bytes = size_t{48} << 20;
  options.inspects = true;
  return options;
}

std::vector<HostFact> facts_of(const TestShard& test, std::string_view address,
                               const VlanTags& vlan = {}) {
  std::vector<HostFact> facts;
  test.shard->add_facts({*IpAddress::parse(address), vlan}, facts);
  return facts;
}
std::vector<std::string> texts_of(const std::vector<HostFact>& facts, HostFactKind kind) {
  std::vector<std::string> texts;
  for (const HostFact& fact : facts) {
    if (fact.kind == kind) texts.push_back(fact.text);
  }
  return texts;
}
using Texts = std::vector<std::string>;

PacketSpec datagram(uint32_t source, uint16_t source_port, uint32_t destination,
                    uint16_t destination_port, std::string payload) {
  PacketSpec spec;
  spec.source = source;
  spec.destination = destination;
  spec.source_port = source_port;
  spec.destination_port = destination_port;
  spec.payload = std::move(payload);
  return spec;
}

std::string labels(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const size_t dot = std::min(name.find('.'), name.size());
    out += static_cast<char>(dot);
    out += name.substr(0, dot);
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return out + '\0';
}

// The answer to a question for www.example.org: an alias, and the alias's address 192.0.2.7.
std::string dns_answer() {
  const std::string head("\x12\x34\x81\x80\0\1\0\2\0\0\0\0", 12);
  const std::string type("\0\1\0\1", 4);
  const std::string alias = labels("cdn.example.net");
  return head + labels("www.example.org") + type + std::string("\xc0\x0c\0\5\0\1\0\0\0\x3c\0", 11) +
         static_cast<char>(alias.size()) + alias + alias + type +
         std::string("\0\0\0\x3c\0\4\xc0\0\2\7", 10);
}
std::vector<PacketSpec> look_up(const std::vector<uint16_t>& vlan = {}) {
  const std::string head("\x12\x34\1\0\0\1\0\0\0\0\0\0", 12);
  std::vector<PacketSpec> packets{
      datagram(kClient, 40'000, kNameServer, 53,
               head + labels("www.example.org") + std::string("\0\1\0\1", 4)),
      datagram(kNameServer, 53, kClient, 40'000, dns_answer())};
  for (PacketSpec& packet : packets) packet.vlan = vlan;
  return packets;
}

TEST(ShardFacts, KnowTheNameThatWasAskedForBeforeTheHostIsSeen) {
  TestShard test(inspecting());
  test.see(look_up());
  EXPECT_EQ(texts_of(facts_of(test, "192.0.2.7"), HostFactKind::kDnsName),
            Texts{"www.example.org"});
}

TEST(ShardFacts, OfOneVlanAreNotThoseOfAnother) {
  TestShard test(inspecting());
  test.see(look_up({20}));
  VlanTags vlan;
  vlan.push(20);
  EXPECT_EQ(facts_of(test, "192.0.2.7", vlan).size(), 1U);
  EXPECT_TRUE(facts_of(test, "192.0.2.7").empty());
}

std::string dhcp_request() {
  std::string message(236, '\0');
  message[0] = 1;
  message[1] = 1;
  message[2] = 6;
  message += "\x63\x82\x53\x63";
  message += std::string("\x35\1\3", 3) + "\x0c\6Laptop" + std::string("\x32\4\x0a\0\0\x63", 6) +
             "\x3c\x08MSFT 5.0" + std::string("\x37\4\1\3\6\x0f\xff", 7);
  return message;
}

TEST(ShardFacts, OfADhcpClientAreThoseOfTheAddressItAsksFor) {
  TestShard test(inspecting());
  test.see({datagram(0, 68, 0xffffffff, 67, dhcp_request())});
  EXPECT_EQ(facts_of(test, "10.0.0.99"),
            (std::vector<HostFact>{{HostFactKind::kDhcpName, "laptop"},
                                   {HostFactKind::kDhcpClass, "MSFT 5.0"},
                                   {HostFactKind::kDhcpFingerprint, "1,3,6,15"}}));
  EXPECT_TRUE(facts_of(test, "0.0.0.0").empty());
}

// A TCP connection; the SYN has options.
std::vector<PacketSpec> connection(const std::vector<std::pair<bool, std::string>>& talk) {
  uint32_t next[2] = {100, 200};
  std::vector<PacketSpec> packets;
  const auto add = [&](bool from_client, uint8_t flags, const std::string& payload) {
    PacketSpec spec = from_client ? datagram(kClient, 40'000, kServer, 9999, payload)
                                  : datagram(kServer, 9999, kClient, 40'000, payload);
    spec.protocol = kProtocolTcp;
    spec.tcp_flags = flags;
    uint32_t& own = next[from_client ? 0 : 1];
    spec.tcp_sequence = own;
    spec.tcp_acknowledgement = next[from_client ? 1 : 0];
    own += static_cast<uint32_t>(payload.size()) + ((flags & kTcpSyn) != 0 ? 1 : 0);
    packets.push_back(spec);
  };
  add(true, kTcpSyn, "");
  add(false, kTcpSyn | kTcpAck, "");
  add(true, kTcpAck, "");
  for (const auto& [from_client, payload] : talk) add(from_client, kTcpAck, payload);
  return packets;
}

TEST(ShardFacts, OfAnHttpExchangeAreOfWhomTheyAreSaid) {
  TestShard test(inspecting());
  test.see(connection({{true,
                        "GET / HTTP/1.1\r\nHost: Intranet.example\r\n"
                        "User-Agent: X (Windows NT 10.0)\r\n\r\n"},
                       {false,
                        "HTTP/1.1 200 OK\r\nServer: Apache/2.4 (Debian)\r\n"
                        "Content-Length: 0\r\n\r\n"}}));
  const auto client = facts_of(test, "10.0.0.1");
  const auto server = facts_of(test, "192.0.2.7");
  EXPECT_EQ(texts_of(client, HostFactKind::kUserAgent), Texts{"X (Windows NT 10.0)"});
  EXPECT_EQ(guess_system(client).name, "Windows 10 or 11");
  EXPECT_EQ(texts_of(server, HostFactKind::kHttpName), Texts{"intranet.example"});
  EXPECT_EQ(texts_of(server, HostFactKind::kHttpServer), Texts{"Apache/2.4 (Debian)"});
  EXPECT_EQ(guess_system(server).name, "Debian Linux");
}

TEST(ShardFacts, DoNotTakeAddressesAndWhatProxiesAreAskedForAsNames) {
  TestShard numeric(inspecting());
  numeric.see(connection({{true, "GET / HTTP/1.1\r\nHost: 192.0.2.7\r\n\r\n"}}));
  EXPECT_TRUE(texts_of(facts_of(numeric, "192.0.2.7"), HostFactKind::kHttpName).empty());
  TestShard proxy(inspecting());
  proxy.see(
      connection({{true, "CONNECT mail.example:443 HTTP/1.1\r\nHost: mail.example:443\r\n\r\n"}}));
  EXPECT_TRUE(texts_of(facts_of(proxy, "192.0.2.7"), HostFactKind::kHttpName).empty());
}

TEST(ShardFacts, TakeBannersAndSynsOfConnectionsThatCameAbout) {
  for (const bool inspects : {true, false}) {
    ShardOptions options = inspecting();
    options.inspects = inspects;
    TestShard test(options);
    test.see(connection({{false, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"},
                         {true, "SSH-2.0-OpenSSH_for_Windows_8.1\r\n"}}));
    test.shard->finish();
    const auto client = facts_of(test, "10.0.0.1");
    EXPECT_EQ(texts_of(client, HostFactKind::kSynFingerprint), Texts{"64:4096:-:-:-"});
    if (!inspects) continue;
    EXPECT_EQ(guess_system(client).name, "Windows");
    EXPECT_EQ(guess_system(facts_of(test, "192.0.2.7")).name, "Debian Linux");
  }
}

TEST(ShardFacts, DoNotBelieveASynThatNobodyAnswered) {
  TestShard test(inspecting());
  test.see({connection({}).front()});
  test.shard->finish();
  EXPECT_TRUE(facts_of(test, "10.0.0.1").empty());
}

}  // namespace
}  // namespace weir
