// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_json.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "record/applications.h"

namespace weir {
namespace {

constexpr std::string_view kEstimator = "0123456789abcdef";

// Everything that a host can have.
HostRecord full_host() {
  HostRecord host;
  host.key.address = *IpAddress::parse("2001:db8::1");
  host.key.vlan.push(100);
  host.key.vlan.push(20);
  host.mac = {{2, 0, 0x5e, 0x10, 0, 1}};
  host.sent = {{{1, 60}, {2, 200}, {3, 300}, {4, 400}}};
  host.received = {{{5, 500}, {0, 0}, {0, 0}, {uint64_t{1} << 40, uint64_t{1} << 60}}};
  host.first_seen = {1'700'000'000, 123'456'789};
  host.last_seen = {1'700'000'500, 1};
  host.bytes_error = 77;
  host.flows_ever = {11, 12};
  host.is_partial = true;
  HostProfile& profile = host.profile;
  profile.add_application({application_number("TLS.Example", "Web"), 3, {1, 2}, {3, 4}});
  profile.add_application({kApplicationUnknown, 1, {5, 6}, {7, 8}});
  profile.add_application({kOtherApplications, 2, {9, 10}, {11, 12}});
  profile.tcp_sent.retransmissions = 5;
  profile.tcp_received = {1, 2, 3, 4, 5, 6, 7};
  profile.round_trips[0] = {123'456'789, 3};
  profile.round_trips[1] = {1, 1};
  profile.facts = {{HostFactKind::kDhcpName, "printer"},
                   {HostFactKind::kTlsName, "www.example.org"},
                   {HostFactKind::kUserAgent, "a \"quoted\" <agent>\n"}};
  profile.sets[0].add(7);
  profile.sets[0].add(0xffffffff);
  std::mt19937 random(1);
  for (int i = 0; i < 100; ++i) profile.sets[2].add(static_cast<uint32_t>(random()));
  return host;
}

HostRecord read_back(const HostRecord& host, std::string_view estimator = kEstimator) {
  const auto read = host_from_value(host_to_value(host, kEstimator), estimator);
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
  return read.ok() ? *read : HostRecord{};
}

TEST(HostJson, IsTheSameAfterAWayThroughAnObject) {
  for (const HostRecord& host : {full_host(), HostRecord{}}) {
    const std::string text = to_json(host_to_value(host, kEstimator));
    EXPECT_EQ(to_json(host_to_value(read_back(host), kEstimator)), text);
  }
}

TEST(HostJson, KeepsWhatAHostHas) {
  const HostRecord host = full_host();
  const HostRecord read = read_back(host);
  EXPECT_EQ(read.key, host.key);
  EXPECT_EQ(read.mac, host.mac);
  EXPECT_EQ(read.sent, host.sent);
  EXPECT_EQ(read.received, host.received);
  EXPECT_NEAR(read.first_seen.as_seconds(), host.first_seen.as_seconds(), 2.5e-7);
  EXPECT_EQ(read.bytes_error, 77U);
  EXPECT_EQ(read.flows_ever, host.flows_ever);
  EXPECT_TRUE(read.is_partial);
  EXPECT_EQ(read.profile.applications, host.profile.applications);
  EXPECT_EQ(read.profile.tcp_sent, host.profile.tcp_sent);
  EXPECT_EQ(read.profile.tcp_received, host.profile.tcp_received);
  EXPECT_EQ(read.profile.round_trips, host.profile.round_trips);
  EXPECT_EQ(read.profile.facts, host.profile.facts);
  for (size_t i = 0; i < kHostSets; ++i) {
    EXPECT_EQ(read.profile.sets[i].count(), host.profile.sets[i].count());
    EXPECT_EQ(read.profile.sets[i].is_exact(), host.profile.sets[i].is_exact());
  }
}

TEST(HostJson, SetsOfAnotherEstimatorAreLeftOut) {
  HostRecord host = full_host();
  host.is_partial = false;
  const HostRecord read = read_back(host, "fedcba9876543210");
  EXPECT_TRUE(read.profile.sets[0].empty());
  EXPECT_TRUE(read.is_partial);
  EXPECT_FALSE(read_back(host).is_partial);
}

TEST(HostJson, SaysWhatIsWrong) {
  const auto error_of = [](Value value) {
    const auto read = host_from_value(value, kEstimator);
    return read.ok() ? "" : read.error().message;
  };
  const auto with = [](std::string_view name, Value member) {
    Value object = Value::Object{{"address", "10.0.0.1"}};
    object.set(name, std::move(member));
    return object;
  };
  EXPECT_EQ(error_of(with("colour", "red")), "");
  EXPECT_EQ(error_of(Value("10.0.0.1")), "a host is a JSON object");
  EXPECT_EQ(error_of(Value::Object{{"address", "10.0.0"}}), "address: is no address");
  EXPECT_EQ(error_of(Value::Object{{"address", 10}}), "address: is no text");
  EXPECT_EQ(error_of(with("vlan", Value::Array{4096})), "vlan: is no VLAN");
  EXPECT_EQ(error_of(with("vlan", Value::Array{1, 2, 3, 4, 5})), "vlan: is too long");
  EXPECT_EQ(error_of(with("mac", "02:00")), "mac: is no MAC address");
  EXPECT_EQ(error_of(with("first_seen", -1.5)), "first_seen: is no time");
  EXPECT_EQ(error_of(with("last_seen", 1e300)), "last_seen: is no time");
  EXPECT_EQ(error_of(with("bytes_error", -1)), "bytes_error: is no count");
  EXPECT_EQ(error_of(with("bytes_error", UINT64_MAX)), "");
  EXPECT_EQ(error_of(with("bytes_error", 0x1p64)), "bytes_error: is no count");
  EXPECT_EQ(error_of(with("bytes_error", 1.5)), "bytes_error: is no count");
  EXPECT_EQ(error_of(with("protocols", "TCP")), "protocols: is no list");
  EXPECT_EQ(error_of(with("protocols", Value::Array(300))), "protocols: is too long");
  const Value named = Value::Array{Value::Object{{"name", "x"}}};
  EXPECT_EQ(error_of(with("protocols", named)), "protocols: has a name that is not known");
  EXPECT_EQ(
      error_of(with("applications", Value::Array{Value::Object{{"name", std::string(65, 'x')}}})),
      "applications: has a name that is too long");
  EXPECT_EQ(error_of(with("names", named)), "names: has a name that is not known");
  EXPECT_EQ(error_of(with("round_trips", named)), "round_trips: has a name that is not known");
  const auto sets = [&](Value set) {
    return with("sets", Value::Object{{"estimator", kEstimator}, {"ports_served", std::move(set)}});
  };
  EXPECT_EQ(error_of(sets(Value::Array{0})), "sets: has a hash that is none");
  EXPECT_EQ(error_of(sets(Value::Array{uint64_t{1} << 32})), "sets: has a hash that is none");
  EXPECT_EQ(error_of(sets("00")), "sets: has registers of another size");
  EXPECT_EQ(error_of(sets(std::string(1024, 'f'))), "sets: has a register that is none");
}

TEST(HostJson, TakesLargeNumbersAsScriptsWriteThem) {
  Value object = Value::Object{{"address", "10.0.0.1"}, {"bytes_error", 1e15}};
  const auto read = host_from_value(object, kEstimator);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->bytes_error, 1'000'000'000'000'000U);
}

TEST(HostJson, PartsOfAHostAddUp) {
  HostRecord one = full_host();
  HostRecord other = full_host();
  other.first_seen = {1'600'000'000, 0};
  other.mac = {{2, 0, 0, 0, 0, 9}};
  other.profile.sets[0].add(8);
  merge_past(one, other);
  EXPECT_EQ(one.sent[0], (Traffic{2, 120}));
  EXPECT_EQ(one.first_seen, other.first_seen);
  EXPECT_EQ(one.mac, other.mac) << "of when it was first seen";
  EXPECT_EQ(one.flows_ever[0], 22U);
  EXPECT_EQ(one.bytes_error, 154U);
  EXPECT_EQ(one.profile.applications[0].flows, 6U);
  EXPECT_EQ(one.profile.sets[0].count(), 3U);
  EXPECT_EQ(one.profile.facts, other.profile.facts);
}

}  // namespace
}  // namespace weir
