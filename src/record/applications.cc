// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/applications.h"

#include <array>
#include <memory>

#include "net/ip_protocol.h"
#include "record/application_catalogue.h"
#include "record/ports.gen.h"

namespace weir {
namespace {

// What needs no port: number 0 and the IP protocols that are their own application.
struct ProtocolApplication {
  uint8_t protocol;
  PortApplication application;
};
constexpr std::array<ProtocolApplication, 15> kProtocolApplications{{
    {0, {"Unknown", "Unknown"}},
    {kProtocolIcmp, {"ICMP", "Network"}},
    {kProtocolIcmpv6, {"ICMPV6", "Network"}},
    {kProtocolIgmp, {"IGMP", "Network"}},
    {kProtocolEsp, {"IPSec", "VPN"}},
    {kProtocolAh, {"IPSec", "VPN"}},
    {kProtocolGre, {"GRE", "Network"}},
    {kProtocolIpv4, {"IP_in_IP", "Network"}},
    {kProtocolIpv6, {"IPv6_in_IP", "Network"}},
    {8, {"EGP", "Network"}},
    {88, {"EIGRP", "Network"}},
    {89, {"OSPF", "Network"}},
    {103, {"PIM", "Network"}},
    {112, {"VRRP", "Network"}},
    {132, {"SCTP", "Network"}},
}};
// Never destroyed: views of it live for ever.
ApplicationCatalogue& catalogue() {
  static ApplicationCatalogue& kCatalogue = *[] {
    auto* made = new ApplicationCatalogue;
    for (const ProtocolApplication& entry : kProtocolApplications)
      made->add(entry.application.name, entry.application.category);
    for (const PortApplication& application : kPortApplications)
      made->add(application.name, application.category);
    return made;
  }();
  return kCatalogue;
}

// A number for each port: one load a look-up, however many applications there are.
using PortTable = std::array<uint16_t, 65536>;

template <typename Entries>
std::unique_ptr<const PortTable> make_table(const Entries& entries) {
  auto table = std::make_unique<PortTable>();
  for (const PortEntry& entry : entries)
    (*table)[entry.port] = find_application(kPortApplications[entry.application].name);
  return table;
}

const PortTable& port_table(uint8_t protocol) {
  static const std::unique_ptr<const PortTable> kTcp = make_table(kTcpPorts);
  static const std::unique_ptr<const PortTable> kUdp = make_table(kUdpPorts);
  return protocol == kProtocolUdp || protocol == kProtocolUdpLite ? *kUdp : *kTcp;
}

uint16_t application_of_protocol(uint8_t protocol) {
  if (protocol == 0) return kApplicationUnknown;  // hop-by-hop options, not an application
  for (const ProtocolApplication& entry : kProtocolApplications) {
    if (entry.protocol == protocol) return find_application(entry.application.name);
  }
  return kApplicationUnknown;
}

}  // namespace

std::string_view application_name(uint16_t application) {
  return catalogue().at(application).name;
}
std::string_view application_category(uint16_t application) {
  return catalogue().at(application).category;
}
uint16_t application_count() {
  return catalogue().count();
}
uint16_t find_application(std::string_view name) {
  return catalogue().find(name);
}
uint16_t application_number(std::string_view name, std::string_view category) {
  return catalogue().add(name, category);
}
uint64_t applications_left_out() {
  return catalogue().left_out();
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
