// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// Cisco HDLC: address, control, ethertype (4 bytes). SLARP and CDP are no IP.
Layer decode_cisco_hdlc(Walk& walk);

}  // namespace weir
