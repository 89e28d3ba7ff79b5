// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/host_sweep.h"

#include <map>

#include <gtest/gtest.h>

#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::Sent;
using test_traffic::watch;

std::vector<Sent> from_hosts(const std::string& network, int count) {
  std::vector<Sent> packets;
  for (int i = 1; i <= count; ++i)
    packets.push_back({.source = network + std::to_string(i), .destination = network + "254"});
  return packets;
}

TEST(HostSweep, ComesToEachHostInEachRound) {
  const auto eth0 = watch("eth0", from_hosts("10.0.0.", 100), 2);
  const auto eth1 = watch("eth1", from_hosts("10.1.0.", 50));
  HostSweep sweep({eth0.get(), eth1.get()});
  std::map<std::string, int> visits;
  const auto count = [&](const HostKey& host) { ++visits[host.address.to_string()]; };
  sweep.next(1'000'000, count);
  EXPECT_EQ(visits.size(), 152U);
  EXPECT_EQ(visits["10.0.0.7"], 1);
  EXPECT_EQ(visits["10.1.0.50"], 1);
  EXPECT_EQ(visits["10.0.0.254"], 2) << "it has flows in both shards";
}

TEST(HostSweep, GoesOnWhereItStood) {
  const auto eth0 = watch("eth0", from_hosts("10.0.0.", 100));
  HostSweep sweep({eth0.get()});
  std::map<std::string, int> visits;
  const auto count = [&](const HostKey& host) { ++visits[host.address.to_string()]; };
  for (int i = 0; i < 10 && visits.size() < 101; ++i) {
    const size_t before = visits.size();
    sweep.next(20, count);
    EXPECT_LE(visits.size(), before + 20);
  }
  // The table has room for more than there are, so it may take a round.
  for (int i = 0; i < 100'000 && visits.size() < 101; ++i) sweep.next(20, count);
  EXPECT_EQ(visits.size(), 101U);
}

TEST(HostSweep, EndsWhereThereAreNone) {
  HostSweep nothing({});
  nothing.next(10, [](const HostKey&) { ADD_FAILURE(); });
  const auto eth0 = watch("eth0", {});
  HostSweep sweep({eth0.get()});
  sweep.next(10, [](const HostKey&) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace weir
