// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// DCCP (RFC 4340): ports, and the payload after the data offset. Errors: kTruncated, kBadLength for
// an offset below 12 bytes.
Layer decode_dccp(Walk& walk);

}  // namespace weir
