// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ethertype.h"

#include <fmt/format.h>

namespace weir {

std::string ethertype_name(uint16_t ethertype) {
  switch (ethertype) {
    case 0x0000:
      return "none";
    case 0x0001:
      return "LLC";  // kEthertypeLlc: an 802.3 frame
    case 0x0800:
      return "IPv4";
    case 0x0806:
      return "ARP";
    case 0x0842:
      return "Wake-on-LAN";
    case 0x2000:
      return "CDP";
    case 0x6003:
      return "DECnet";
    case 0x8035:
      return "RARP";
    case 0x809b:
      return "AppleTalk";
    case 0x80f3:
      return "AARP";
    case 0x8100:
      return "802.1Q";
    case 0x8137:
      return "IPX";
    case 0x86dd:
      return "IPv6";
    case 0x8808:
      return "Flow control";
    case 0x8809:
      return "LACP";
    case 0x8847:
      return "MPLS";
    case 0x8848:
      return "MPLS multicast";
    case 0x8863:
      return "PPPoE discovery";
    case 0x8864:
      return "PPPoE session";
    case 0x888e:
      return "802.1X";
    case 0x8892:
      return "PROFINET";
    case 0x88a2:
      return "AoE";
    case 0x88a4:
      return "EtherCAT";
    case 0x88b8:
      return "GOOSE";
    case 0x88ba:
      return "Sampled Values";
    case 0x88cc:
      return "LLDP";
    case 0x88e1:
      return "HomePlug";
    case 0x88e5:
      return "MACsec";
    case 0x88f7:
      return "PTP";
    case 0x8902:
      return "CFM";
    case 0x8906:
      return "FCoE";
    case 0x8914:
      return "FIP";
    case 0x9000:
      return "Loopback";
    default:
      return fmt::format("0x{:04x}", ethertype);
  }
}

}  // namespace weir
