// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// ERSPAN type II (8 bytes, version 1) and III (12 bytes and a subheader of 8 when its O bit is set,
// version 2) behind GRE, then the mirrored Ethernet frame (draft-foschiano-erspan-03). Type I is a
// matter of GRE. Errors: kTruncated, kBadVersion.
Layer decode_erspan(Walk& walk);

}  // namespace weir
