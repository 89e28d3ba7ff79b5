// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// An IP header was found good: from here on the packet belongs to its flow. Forgets what is known
// of the transport of the header around it. The caller then writes addresses and fragment fields.
inline void begin_ip(Walk& walk, bool is_v6) {
  DecodedPacket& out = walk.out;
  if (out.has_ip) {
    out.source_port = 0;
    out.destination_port = 0;
    out.is_fragment = false;
    out.is_later_fragment = false;
    out.fragment_id = 0;
    out.payload = nullptr;
    out.payload_length = 0;
    out.payload_wire_length = 0;
  }
  if (walk.inner_vlan.count != 0) {
    for (size_t tag = 0; tag < walk.inner_vlan.count; ++tag)
      out.vlan.push(walk.inner_vlan.ids[tag]);
    walk.inner_vlan = {};
  }
  out.has_ip = true;
  out.is_v6 = is_v6;
  out.tunnels = walk.tunnels;
  walk.is_outermost = false;
  walk.is_guess = false;
}

// What follows an IP header or an extension header, by IANA protocol number.
// RFC 2003 (IPv4 in IPv4), 4213 (6in4), 2473 (4in6, 6in6).
Layer after_ip(Walk& walk, uint8_t protocol);

}  // namespace weir
