// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// An MPLS label stack (RFC 3032) and what is behind it: IPv4 or IPv6 by the first four bits, or an
// Ethernet pseudowire with or without control word (RFC 4385, 4448). The stack does not say which:
// what looks like a sound header wins. Errors: kTruncated, kTooDeep beyond 16 labels.
Layer decode_mpls(Walk& walk);

}  // namespace weir
