// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// CAPWAP data (RFC 5415): 802.3 or native 802.11 frames behind the CAPWAP header. DTLS and later
// fragments are no tunnel. Access points of some makers send the two bytes of the 802.11 frame
// control the wrong way round; both orders are read.
Layer decode_capwap(Walk& walk);

}  // namespace weir
