// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// IP in IP: RFC 2003 (IPv4 in IPv4), 4213 (IPv6 in IPv4), 2473 (both in IPv6). There is no header
// between the two: consumes nothing.
Layer decode_ipv4_in_ip(Walk& walk);
Layer decode_ipv6_in_ip(Walk& walk);

}  // namespace weir
