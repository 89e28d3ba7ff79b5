// SPDX-License-Identifier: GPL-3.0-or-later
// What hosts know of their flows: applications, peers, ports, TCP.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "engine/test_traffic.h"
#include "record/applications.h"

namespace weir {
namespace {

using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;
constexpr uint32_t kClient = 0x0a000001;
constexpr uint32_t kServer = 0x0a000002;

PacketSpec datagram(uint32_t source, uint32_t destination, uint16_t server_port, uint32_t bytes,
                    uint16_t client_port = 40000) {
  PacketSpec spec;
  spec.source = source;
  spec.destination = destination;
  spec.source_port = client_port;
  spec.destination_port = server_port;
  spec.wire_length = bytes;
  spec.seconds = kStart;
  return spec;
}

PacketSpec answer(PacketSpec spec, uint32_t bytes) {
  std::swap(spec.source, spec.destination);
  std::swap(spec.source_port, spec.destination_port);
  spec.wire_length = bytes;
  return spec;
}

HostRecord host_of(const Shard& shard, uint32_t address) {
  for (uint32_t slot = 1; slot < shard.hosts().limit(); ++slot) {
    auto host = shard.hosts().full_snapshot(slot, shard.clock_second());
    if (host && __builtin_bswap32(host->key.address.v4_bits()) == address) return *host;
  }
  ADD_FAILURE() << "no host " << std::hex << address;
  return {};
}

void complete(HostRecord& host) {
  host.profile.complete(host.flows_ever[0] + host.flows_ever[1], host.total_sent(),
                        host.total_received());
}

TEST(ShardProfiles, SumWhatAHostDidByApplication) {
  TestShard test;
  std::vector<PacketSpec> packets;
  for (const auto& [port, bytes] : std::map<uint16_t, uint32_t>{{53, 100}, {123, 90}, {161, 80}}) {
    for (uint16_t flow = 0; flow < 3; ++flow) {
      packets.push_back(datagram(kClient, kServer, port, bytes, 40000 + flow));
      packets.push_back(answer(packets.back(), bytes * 2));
    }
  }
  test.see(packets);
  test.shard->finish();
  HostRecord client = host_of(*test.shard, kClient);
  complete(client);
  std::map<std::string_view, ApplicationPart> parts;
  for (const ApplicationPart& part : client.profile.applications)
    parts[application_name(part.application)] = part;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts["DNS"], (ApplicationPart{find_application("DNS"), 3, {3, 300}, {3, 600}}));
  EXPECT_EQ(parts["NTP"], (ApplicationPart{find_application("NTP"), 3, {3, 270}, {3, 540}}));
  EXPECT_EQ(parts["SNMP"], (ApplicationPart{find_application("SNMP"), 3, {3, 240}, {3, 480}}));
  EXPECT_FALSE(client.is_partial);
}

TEST(ShardProfiles, TakeNoMemoryForHostsOfOneApplicationAndPeer) {
  TestShard test;
  std::vector<PacketSpec> packets;
  for (uint32_t i = 0; i < 10'000; ++i)
    packets.push_back(datagram(kClient + 2 * i, kServer + 2 * i, 53, 100));
  for (uint32_t i = 0; i < 10'000; ++i)
    packets.push_back(datagram(kClient + 2 * i, kServer + 2 * i, 53, 100, 50000));
  test.see(packets);
  test.shard->finish();
  EXPECT_EQ(test.shard->hosts().profiles().profiles(), 0U);
  HostRecord client = host_of(*test.shard, kClient);
  complete(client);
  ASSERT_EQ(client.profile.applications.size(), 1U);
  EXPECT_EQ(client.profile.applications[0],
            (ApplicationPart{find_application("DNS"), 2, {2, 200}, {}}));
  EXPECT_EQ(client.profile.set(HostSet::kServers).count(), 1U);
  EXPECT_EQ(client.profile.set(HostSet::kPortsContacted).count(), 1U);
}

TEST(ShardProfiles, CountFlowsPeersAndPortsByTheRoleInThem) {
  TestShard test;
  std::vector<PacketSpec> packets;
  for (uint32_t i = 0; i < 12; ++i)
    packets.push_back(datagram(kClient, kServer + i, static_cast<uint16_t>(100 + i % 5), 100));
  packets.push_back(datagram(0x0a0000ff, kClient, 53, 100));
  test.see(packets);
  HostRecord host = host_of(*test.shard, kClient);
  EXPECT_EQ(host.active_flows, 13U);
  EXPECT_EQ(host.active_client_flows, 12U);
  EXPECT_EQ(host.flows_ever, (std::array<uint64_t, 2>{12, 1}));
  EXPECT_EQ(host.profile.set(HostSet::kServers).count(), 12U);
  EXPECT_EQ(host.profile.set(HostSet::kClients).count(), 1U);
  EXPECT_EQ(host.profile.set(HostSet::kPortsContacted).count(), 5U);
  EXPECT_EQ(host.profile.set(HostSet::kPortsServed).count(), 1U);
  test.shard->finish();
  host = host_of(*test.shard, kClient);
  EXPECT_EQ(host.active_client_flows, 0U);
  EXPECT_EQ(host.flows_ever, (std::array<uint64_t, 2>{12, 1}));
}

TEST(ShardProfiles, SumWhatHappenedToAHostsTcp) {
  TestShard test;
  PacketSpec packet = datagram(kClient, kServer, 80, 100);
  packet.protocol = kProtocolTcp;
  const auto say = [&](PacketSpec spec, uint8_t flags, uint32_t sequence, uint32_t acknowledgement,
                       uint16_t payload, double when) {
    spec.tcp_flags = flags;
    spec.tcp_sequence = sequence;
    spec.tcp_acknowledgement = acknowledgement;
    spec.tcp_payload = payload;
    spec.seconds = kStart + when;
    test.see({spec});
  };
  const PacketSpec back = answer(packet, 100);
  say(packet, kTcpSyn, 1, 0, 0, 0);
  say(back, kTcpSyn | kTcpAck, 500, 2, 0, 0.020);
  say(packet, kTcpAck, 2, 501, 0, 0.025);
  say(packet, kTcpAck, 2, 501, 100, 0.1);
  say(packet, kTcpAck, 2, 501, 100, 0.9);
  say(back, kTcpRst | kTcpAck, 501, 102, 0, 1);
  test.shard->finish();
  const HostRecord client = host_of(*test.shard, kClient);
  const HostRecord server = host_of(*test.shard, kServer);
  EXPECT_EQ(client.profile.tcp_sent.retransmissions, 1U);
  EXPECT_EQ(client.profile.tcp_received.resets, 1U);
  EXPECT_EQ(server.profile.tcp_received, client.profile.tcp_sent);
  EXPECT_EQ(server.profile.tcp_sent, client.profile.tcp_received);
  EXPECT_NEAR(static_cast<double>(client.profile.round_trips[0].nanoseconds), 5e6, 2e3);
  EXPECT_NEAR(static_cast<double>(server.profile.round_trips[1].nanoseconds), 20e6, 2e3);
  EXPECT_EQ(client.profile.round_trips[1].count, 0U);
}

// Many hosts of which there is much to say, in a budget that is not made for them.
std::vector<PacketSpec> busy_hosts(uint32_t hosts) {
  std::vector<PacketSpec> packets;
  for (uint32_t round = 0; round < 20; ++round) {
    for (uint32_t i = 0; i < hosts; ++i) {
      const auto port = static_cast<uint16_t>(round % 2 == 0 ? 53 : 123);
      packets.push_back(datagram(0x0b000000 + i, 0x0c000000 + i % 64 + round * 64, port,
                                 100 + i % 900, static_cast<uint16_t>(1000 + round)));
      packets.back().seconds = kStart + round * 20;
    }
  }
  return packets;
}

TEST(ShardProfiles, GiveWayToThoseOfHeavierHostsAndSaySo) {
  ShardOptions options;
  options.memory_bytes = size_t{24} << 20;
  options.timeouts.flow = std::chrono::seconds(5);
  TestShard test(options);
  test.see(busy_hosts(8000));
  test.shard->finish();
  const HostTable& hosts = test.shard->hosts();
  EXPECT_GT(hosts.profiles_evicted(), 0U);
  EXPECT_LE(hosts.profiles().blocks() * HostProfiles::kBlockBytes, options.memory_bytes / 16);
  EXPECT_LE(test.shard->memory().used(), options.memory_bytes);
  size_t partial = 0;
  for (uint32_t slot = 1; slot < hosts.limit(); ++slot) {
    auto host = hosts.full_snapshot(slot, test.shard->clock_second());
    if (!host) continue;
    partial += host->is_partial ? 1 : 0;
    complete(*host);
    Traffic parts;
    uint64_t flows = 0;
    for (const ApplicationPart& part : host->profile.applications) {
      parts += part.sent + part.received;
      flows += part.flows;
    }
    ASSERT_EQ(parts, host->total_sent() + host->total_received()) << "slot " << slot;
    ASSERT_EQ(flows, host->flows_ever[0] + host->flows_ever[1]) << "slot " << slot;
    if (host->is_partial) continue;
    EXPECT_EQ(host->profile.applications.size(), 2U) << "slot " << slot;
  }
  EXPECT_GT(partial, 0U);
  expect_sums_agree(*test.shard, "after profiles gave way");
}

TEST(ShardProfiles, AreGivenBackWithTheirHosts) {
  ShardOptions options;
  options.timeouts.flow = std::chrono::seconds(5);
  options.timeouts.host = std::chrono::seconds(5);
  TestShard test(options);
  test.see(busy_hosts(100));
  EXPECT_GT(test.shard->hosts().profiles().profiles(), 0U);
  while (test.shard->idle({static_cast<uint32_t>(kStart) + 2000, 0})) {
  }
  EXPECT_EQ(test.shard->hosts().live(), 0U);
  EXPECT_EQ(test.shard->hosts().profiles().blocks(), 0U);
}

TEST(ShardProfiles, AHostThatComesBackFromTheTailKnowsThatItForgot) {
  ShardOptions options;
  options.memory_bytes = size_t{8} << 20;
  TestShard test(options);
  test.see({datagram(kClient, kServer, 53, 90'000)});
  std::vector<PacketSpec> others;
  for (uint32_t i = 0; i < 100'000; ++i) {
    others.push_back(datagram(0x0b000000 + 2 * i, 0x0b000001 + 2 * i, 53, 100));
    others.back().seconds = kStart + 1 + i / 20'000;
  }
  test.see(others);
  PacketSpec again = datagram(kClient, kServer, 123, 500);
  again.seconds = kStart + 8;
  test.see({again});
  test.shard->finish();
  HostRecord host = host_of(*test.shard, kClient);
  complete(host);
  EXPECT_TRUE(host.is_partial);
  std::map<uint16_t, uint64_t> bytes;
  for (const ApplicationPart& part : host.profile.applications)
    bytes[part.application] = part.sent.bytes;
  EXPECT_EQ(bytes, (std::map<uint16_t, uint64_t>{{find_application("NTP"), 500},
                                                 {kOtherApplications, 90'000}}));
}

// Every flow of a host has one packet of 100 bytes in an application that its turn decides, so the
// sums of a whole profile fit.
TEST(ShardProfiles, AreReadWholeWhileTheyChange) {
  ShardOptions options;
  options.memory_bytes = size_t{24} << 20;
  options.timeouts.flow = std::chrono::seconds(2);
  options.timeouts.host = std::chrono::seconds(20);
  TestShard test(options);
  const HostTable& hosts = test.shard->hosts();
  std::atomic<bool> done{false};
  std::atomic<uint64_t> seen{0};
  std::atomic<uint64_t> torn{0};
  const auto read = [&] {
    while (!done.load()) {
      hosts.visit_live([&](uint32_t slot) {
        const auto host = hosts.full_snapshot(slot, 0);
        if (!host) return;
        for (const ApplicationPart& part : host->profile.applications) {
          seen.fetch_add(1, std::memory_order_relaxed);
          const Traffic both = part.sent + part.received;
          if (both != Traffic{part.flows, 100 * part.flows}) torn.fetch_add(1);
        }
      });
      std::this_thread::yield();
    }
  };
  std::jthread first(read);
  std::jthread second(read);
  test_traffic::Random random(5);
  for (int round = 0; round < 400 || seen.load() == 0; ++round) {
    std::vector<PacketSpec> packets;
    for (int i = 0; i < 64; ++i) {
      constexpr std::array<uint16_t, 4> kPorts{53, 123, 161, 443};
      packets.push_back(datagram(kClient + random() % 50 + static_cast<uint32_t>(round / 100) * 50,
                                 0x0c000000 + random() % 50, kPorts[random() % 4], 100,
                                 static_cast<uint16_t>(random())));
      packets.back().seconds = kStart + round * 0.5;
    }
    test.see(packets);
  }
  done.store(true);
  first.join();
  second.join();
  EXPECT_EQ(torn.load(), 0U);
}

}  // namespace
}  // namespace weir
