// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ip_payload.h"

namespace weir {

void leave_outer_header(Walk& walk) {
  DecodedPacket& out = walk.out;
  out.tunnels = walk.tunnels;
  for (size_t tag = 0; tag < walk.inner_vlan.count; ++tag) out.vlan.push(walk.inner_vlan.ids[tag]);
  walk.inner_vlan = {};
  out.source_port = 0;
  out.destination_port = 0;
  out.is_fragment = false;
  out.is_later_fragment = false;
  out.fragment_id = 0;
  out.payload = nullptr;
  out.payload_length = 0;
  out.payload_wire_length = 0;
}

}  // namespace weir
