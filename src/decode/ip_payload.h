// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/dispatch.h"
#include "decode/walk.h"

namespace weir {

// Takes tunnels and inner VLAN tags over into the answer and forgets what is known of the transport
// of the header around the tunnel.
void leave_outer_header(Walk& walk);

// An IP header was found good: from here on the packet belongs to its flow. The caller then writes
// addresses and fragment fields.
inline void begin_ip(Walk& walk, bool is_v6) {
  if (walk.tunnel_depth != 0) leave_outer_header(walk);
  walk.out.has_ip = true;
  walk.out.is_v6 = is_v6;
  walk.is_outermost = false;
  walk.is_guess = false;
}

// What follows an IP header or an extension header, by IANA protocol number.
inline Layer after_ip(Walk& walk, uint8_t protocol) {
  walk.out.protocol = protocol;
  return walk.out.is_v6 ? kLayerOfIpv6Protocol[protocol] : kLayerOfIpv4Protocol[protocol];
}

}  // namespace weir
