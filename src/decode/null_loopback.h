// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// LINKTYPE_NULL and LINKTYPE_LOOP: 4 bytes of address family in the byte order of whoever captured.
// Families that mean IPv6 differ between systems (10, 24, 28, 30).
Layer decode_null_loopback(Walk& walk);

}  // namespace weir
