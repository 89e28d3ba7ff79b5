// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// The Prism and AVS monitoring headers in front of an 802.11 frame: only their length is read.
// Errors: kTruncated, kBadLength.
Layer decode_prism(Walk& walk);

}  // namespace weir
