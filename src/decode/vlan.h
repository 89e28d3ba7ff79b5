// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// One tag of IEEE 802.1Q or 802.1ad, or of their predecessors (0x9100, 0x9200, 0x9300): the 4 bytes
// after the tag's own ethertype.
Layer decode_vlan(Walk& walk);

// Keeps the tag's VLAN, except 0: that is a priority tag and names no VLAN (IEEE 802.1Q 9.6), so a
// host that sends priority tags and its peer that does not are in the same VLAN, and in the same
// flow.
inline void push_vlan_tag(VlanTags& tags, uint16_t tag_control_information) {
  const uint16_t id = tag_control_information & 0x0fff;
  if (id != 0) tags.push(id);
}

}  // namespace weir
