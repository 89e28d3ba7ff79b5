// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// IPv6 (RFC 8200), the fixed 40 bytes. A payload length of 0 is a jumbogram (RFC 2675) or joined
// segments: all that was captured counts. Errors: kTruncated below 40 bytes, kBadVersion.
Layer decode_ipv6(Walk& walk);

}  // namespace weir
