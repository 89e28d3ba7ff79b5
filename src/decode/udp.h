// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// UDP (RFC 768). A length of 0 (jumbogram, joined segments) or beyond the datagram counts as what
// is there. A well-known port of a tunnel, the destination first, leads on to it. Errors:
// kTruncated, kBadLength for a length of 1 to 7; ports are known then.
Layer decode_udp(Walk& walk);

}  // namespace weir
