// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// GTP-U (3GPP TS 29.281): G-PDUs of version 1, extension headers skipped, then IP. Its other
// messages (echo, error indication, end marker) are no tunnel.
Layer decode_gtp_u(Walk& walk);

}  // namespace weir
