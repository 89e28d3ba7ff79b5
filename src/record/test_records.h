// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/ip_protocol.h"
#include "record/applications.h"
#include "record/flow_record.h"
#include "record/host_record.h"

// Records with every field filled and every number another, for tests.
namespace weir::test_records {

inline VlanTags tags_100_20() {
  VlanTags vlan;
  vlan.push(100);
  vlan.push(20);
  return vlan;
}

inline FlowRecord full_flow() {
  FlowRecord flow;
  flow.id = uint64_t{0xab} << 32 | 0x12;
  flow.vlan = tags_100_20();
  flow.protocol = kProtocolTcp;
  flow.state = FlowState::kEstablished;
  flow.end_reason = EndReason::kClosed;
  flow.tcp_flags_to_server = 0x1b;
  flow.tcp_flags_to_client = 0x1a;
  flow.client = *IpAddress::parse("10.1.2.3");
  flow.server = *IpAddress::parse("192.0.2.1");
  flow.client_port = 40000;
  flow.server_port = 443;
  flow.application = guess_application(kProtocolTcp, 40000, 443);
  flow.confidence = Confidence::kPort;
  flow.client_mac = {{4, 0, 1, 0, 0, 1}};
  flow.server_mac = {{4, 0, 2, 0, 0, 2}};
  flow.tunnels.push(Tunnel::kGre);
  flow.to_server = {3, 300};
  flow.to_client = {4, 1'500'000};
  flow.first_seen = {1000, 0};
  flow.last_seen = {1300, 500'000'000};
  flow.rate_to_server = {1, 100};
  flow.rate_to_client = {2, 62'400};
  flow.round_trips = {std::chrono::microseconds(40'500), std::chrono::milliseconds(10),
                      std::chrono::microseconds(30'500)};
  flow.has_tcp_quality = true;
  flow.origin = {*IpAddress::parse("192.0.2.7"), 3, 0};
  flow.quality_to_server = {11, 12, 13, 14, 15, 16, 17};
  flow.quality_to_client = {21, 22, 23, 24, 25, 26, 27};
  flow.transactions = {
      3, 2, 1'500'000, {{1'000'000, 2'000'000, 3'000'000, 4'000'000, 5'000'000, 6'000'000}}};
  return flow;
}

inline HostRecord full_host() {
  HostRecord host;
  host.key = {*IpAddress::parse("10.1.2.3"), tags_100_20()};
  host.mac = {{4, 0, 1, 0, 0, 1}};
  host.sent = {{{1, 10}, {2, 200}, {3, 3000}, {4, 40000}}};
  host.received = {{{5, 5}, {6, 60}, {7, 700}, {8, 8000}}};
  host.rate_sent = {9, 100};
  host.rate_received = {10, 25};
  host.first_seen = {1000, 0};
  host.last_seen = {1001, 250'000'000};
  host.active_flows = 7;
  host.bytes_error = 512;
  host.active_client_flows = 5;
  host.flows_ever = {20, 30};
  host.is_partial = true;
  return host;
}

}  // namespace weir::test_records
