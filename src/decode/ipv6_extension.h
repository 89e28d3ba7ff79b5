// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// The extension headers of IPv6 (RFC 8200 section 4). Each is cut off by kTruncated; the flow is
// known then, its protocol is the number of the header that could not be read. In IPv4 these
// numbers are protocols like any other and are not read.

// Hop-by-hop options, destination options and mobility (RFC 6275): length in units of 8 bytes,
// without the first.
Layer decode_ipv6_options(Walk& walk);
// Routing, all types: the addresses in it are not read; the flow is that of the fixed header.
Layer decode_ipv6_routing(Walk& walk);
// Fragment. What follows in a later fragment is not read.
Layer decode_ipv6_fragment(Walk& walk);

}  // namespace weir
