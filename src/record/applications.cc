// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/applications.h"

#include <array>
#include <memory>

#include "net/ip_protocol.h"
#include "record/ports.gen.h"

namespace weir {
namespace {

// What needs no port: number 0 and the IP protocols that are their own application. The
// applications known by port follow.
struct ProtocolApplication {
  uint8_t protocol;
  PortApplication application;
};
constexpr std::array<ProtocolApplication, 14> kProtocolApplications{{
    {0, {"Unknown", "Unknown"}},
    {kProtocolIcmp, {"ICMP", "Network"}},
    {kProtocolIcmpv6, {"ICMPV6", "Network"}},
    {kProtocolIgmp, {"IGMP", "Network"}},
    {kProtocolEsp, {"ESP", "VPN"}},
    {kProtocolAh, {"AH", "VPN"}},
    {kProtocolGre, {"GRE", "Network"}},
    {kProtocolIpv4, {"IP_in_IP", "Network"}},
    {kProtocolIpv6, {"IPv6_in_IP", "Network"}},
    {8, {"EGP", "Network"}},
    {88, {"EIGRP", "Network"}},
    {89, {"OSPF", "Network"}},
    {103, {"PIM", "Network"}},
    {112, {"VRRP", "Network"}},
}};
constexpr uint16_t kFirstByPort = kProtocolApplications.size();

const PortApplication& application_at(uint16_t application) {
  if (application < kFirstByPort) return kProtocolApplications[application].application;
  if (application < kFirstByPort + kPortApplications.size())
    return kPortApplications[application - kFirstByPort];
  return kProtocolApplications[kApplicationUnknown].application;
}

// A number for each port: one load a look-up, however many applications there are.
using PortTable = std::array<uint16_t, 65536>;

template <typename Entries>
std::unique_ptr<const PortTable> make_table(const Entries& entries) {
  auto table = std::make_unique<PortTable>();
  for (const PortEntry& entry : entries)
    (*table)[entry.port] = static_cast<uint16_t>(entry.application + kFirstByPort);
  return table;
}

const PortTable& port_table(uint8_t protocol) {
  static const std::unique_ptr<const PortTable> kTcp = make_table(kTcpPorts);
  static const std::unique_ptr<const PortTable> kUdp = make_table(kUdpPorts);
  return protocol == kProtocolUdp || protocol == kProtocolUdpLite ? *kUdp : *kTcp;
}

uint16_t application_of_protocol(uint8_t protocol) {
  for (uint16_t i = 1; i < kFirstByPort; ++i) {
    if (kProtocolApplications[i].protocol == protocol) return i;
  }
  return kApplicationUnknown;
}

}  // namespace

std::string_view application_name(uint16_t application) {
  return application_at(application).name;
}
std::string_view application_category(uint16_t application) {
  return application_at(application).category;
}
uint16_t application_count() {
  return static_cast<uint16_t>(kFirstByPort + kPortApplications.size());
}

uint16_t application_of_port(uint8_t protocol, uint16_t port) {
  return port_table(protocol)[port];
}

uint16_t guess_application(uint8_t protocol, uint16_t client_port, uint16_t server_port) {
  if (server_port == 0 && client_port == 0) return application_of_protocol(protocol);
  const uint16_t by_server = application_of_port(protocol, server_port);
  return by_server != kApplicationUnknown ? by_server : application_of_port(protocol, client_port);
}

}  // namespace weir
