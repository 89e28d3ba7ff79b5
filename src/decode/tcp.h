// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// TCP (RFC 9293). A header cut by the snap length gives what is there: ports from 4 bytes on, flags
// and window from 16. Errors: kTruncated when the header is not all there, kBadLength for a data
// offset below 20 bytes.
Layer decode_tcp(Walk& walk);

}  // namespace weir
