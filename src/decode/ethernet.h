// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// Ethernet II and IEEE 802.3: 14 bytes, then by ethertype, or LLC when the type is a length (up to
// 1500).
Layer decode_ethernet(Walk& walk);

}  // namespace weir
