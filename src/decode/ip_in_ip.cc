// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ip_in_ip.h"

namespace weir {

Layer decode_ipv4_in_ip(Walk& walk) {
  return walk.enter(walk.out.is_v6 ? Tunnel::k4in6 : Tunnel::kIpip, Layer::kIpv4);
}

Layer decode_ipv6_in_ip(Walk& walk) {
  return walk.enter(walk.out.is_v6 ? Tunnel::k6in6 : Tunnel::k6in4, Layer::kIpv6);
}

}  // namespace weir
