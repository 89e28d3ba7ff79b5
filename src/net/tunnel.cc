// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tunnel.h"

namespace weir {

std::string_view tunnel_name(Tunnel tunnel) {
  switch (tunnel) {
    case Tunnel::kNone:
    case Tunnel::kCount:
      return {};
    case Tunnel::kGre:
      return "GRE";
    case Tunnel::kErspan:
      return "ERSPAN";
    case Tunnel::kIpip:
      return "IPIP";
    case Tunnel::k6in4:
      return "6in4";
    case Tunnel::k4in6:
      return "4in6";
    case Tunnel::k6in6:
      return "6in6";
    case Tunnel::kVxlan:
      return "VXLAN";
    case Tunnel::kGeneve:
      return "Geneve";
    case Tunnel::kGtpU:
      return "GTP-U";
    case Tunnel::kL2tp:
      return "L2TP";
    case Tunnel::kTeredo:
      return "Teredo";
    case Tunnel::kCapwap:
      return "CAPWAP";
    case Tunnel::kTzsp:
      return "TZSP";
    case Tunnel::kEtherIp:
      return "EtherIP";
    case Tunnel::kPppoe:
      return "PPPoE";
    case Tunnel::kMpls:
      return "MPLS";
  }
  return {};
}

std::string TunnelStack::to_string() const {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += '/';
    text += tunnel_name(kinds[i]);
  }
  return text;
}

}  // namespace weir
