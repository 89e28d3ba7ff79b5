// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ip_protocol.h"

#include <algorithm>

#include "base/ascii.h"

namespace weir {

std::string_view protocol_name(uint8_t protocol) {
  switch (protocol) {
    case kProtocolHopByHop:
      return "HOPOPT";
    case kProtocolIcmp:
      return "ICMP";
    case kProtocolIgmp:
      return "IGMP";
    case kProtocolIpv4:
      return "IPv4";
    case kProtocolTcp:
      return "TCP";
    case 8:
      return "EGP";
    case 9:
      return "IGP";
    case kProtocolUdp:
      return "UDP";
    case kProtocolDccp:
      return "DCCP";
    case kProtocolIpv6:
      return "IPv6";
    case kProtocolRouting:
      return "IPv6-Route";
    case kProtocolFragment:
      return "IPv6-Frag";
    case 46:
      return "RSVP";
    case kProtocolGre:
      return "GRE";
    case kProtocolEsp:
      return "ESP";
    case kProtocolAh:
      return "AH";
    case kProtocolIcmpv6:
      return "IPv6-ICMP";
    case kProtocolNoNext:
      return "IPv6-NoNxt";
    case kProtocolDestinationOptions:
      return "IPv6-Opts";
    case 88:
      return "EIGRP";
    case 89:
      return "OSPF";
    case 94:
      return "IPIP";
    case kProtocolEtherIp:
      return "ETHERIP";
    case 103:
      return "PIM";
    case 108:
      return "IPComp";
    case 112:
      return "VRRP";
    case kProtocolL2tp:
      return "L2TP";
    case kProtocolSctp:
      return "SCTP";
    case kProtocolMobility:
      return "Mobility";
    case kProtocolUdpLite:
      return "UDPLite";
    case kProtocolMplsInIp:
      return "MPLS-in-IP";
    default:
      return {};
  }
}

std::optional<uint8_t> protocol_number(std::string_view name) {
  const auto is_same = [](std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
  };
  if (is_same(name, "ICMPv6")) return kProtocolIcmpv6;
  for (unsigned protocol = 0; protocol <= UINT8_MAX && !name.empty(); ++protocol) {
    if (is_same(name, protocol_name(static_cast<uint8_t>(protocol))))
      return static_cast<uint8_t>(protocol);
  }
  return std::nullopt;
}

}  // namespace weir
