// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// ICMP (RFC 792) and ICMPv6 (RFC 4443): type and code; the payload begins after 8 bytes. An IP
// header quoted in an error message is no level: it tells of another packet. Error: kTruncated
// below 4 bytes.
Layer decode_icmp(Walk& walk);

}  // namespace weir
