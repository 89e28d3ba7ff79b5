// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// PPPoE session frames (RFC 2516): 6 bytes, then PPP. Discovery frames have an ethertype of their
// own and are no IP.
Layer decode_pppoe(Walk& walk);

}  // namespace weir
