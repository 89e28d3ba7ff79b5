// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// GRE: version 0 (RFC 2784, with key and sequence number of RFC 2890, with the routing of RFC 1701)
// and version 1 (PPTP, RFC 2637). What follows is named by ethertype: IP, MPLS, transparent
// Ethernet (NVGRE, RFC 7637), PPP, ERSPAN, WCCP. Errors: kTruncated, kBadVersion. A payload weir
// does not read leaves the flow of GRE itself.
Layer decode_gre(Walk& walk);

}  // namespace weir
