// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// A data frame of IEEE 802.11: three or four addresses, QoS and HT control, then LLC. Of an
// aggregate (A-MSDU) the first subframe is read. Management, control and null frames are no IP.
// Errors: kTruncated, kEncrypted for a protected frame.
Layer decode_ieee80211(Walk& walk);
// The same where the two bytes of the frame control may be the wrong way round (CAPWAP of some
// makers).
Layer decode_ieee80211_either_order(Walk& walk);

}  // namespace weir
