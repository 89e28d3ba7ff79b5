// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// What bytes look like, for headers that do not say what they carry (MPLS, L2TPv3, raw IP).

// IPv4 or IPv6 by the version in the first four bits; kDone for any other.
Layer ip_by_version(const Walk& walk);

// Whether an IPv4 or IPv6 header with lengths that fit the walk stands at its cursor.
[[nodiscard]] bool holds_ip(const Walk& walk);

// Whether an Ethernet header that leads to something weir knows (IP with the right version, ARP,
// LLDP, a tag, STP) stands `offset` bytes after the cursor.
[[nodiscard]] bool holds_ethernet(const Walk& walk, size_t offset);

}  // namespace weir
