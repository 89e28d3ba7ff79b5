// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// EtherIP (RFC 3378): 2 bytes of version 3, then an Ethernet frame. Errors: kTruncated,
// kBadVersion.
Layer decode_ether_ip(Walk& walk);

}  // namespace weir
