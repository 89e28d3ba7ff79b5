// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// The radiotap header in front of an 802.11 frame (radiotap.org): its length, and of its fields
// only the flags that say whether a check sum stands at the end and whether the 802.11 header is
// padded to 4 bytes. Errors: kTruncated, kBadLength.
Layer decode_radiotap(Walk& walk);

}  // namespace weir
