// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// LLC (IEEE 802.2) and SNAP (RFC 1042): IP by SAP 6 or by the ethertype of a SNAP header; anything
// else (STP, NetBEUI, CDP) is no IP and has the ethertype kEthertypeLlc.
Layer decode_llc(Walk& walk);

}  // namespace weir
