// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// IPv4 (RFC 791) with options. A total length of 0 is that of joined segments: all that was
// captured counts. One beyond the frame is cut to it. Errors: kTruncated below 20 bytes,
// kBadVersion, kBadLength for a header length below 20 or a total length below the header. The flow
// of the header around it stays when this one is refused.
Layer decode_ipv4(Walk& walk);

}  // namespace weir
