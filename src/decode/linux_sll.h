// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// The headers that libpcap puts in place of the link layer for the device "any": LINKTYPE_LINUX_SLL
// (16 bytes) and LINKTYPE_LINUX_SLL2 (20 bytes), both followed by what the ethertype says. A sender
// address of 6 bytes is the source MAC.
Layer decode_linux_sll(Walk& walk);
Layer decode_linux_sll2(Walk& walk);

}  // namespace weir
