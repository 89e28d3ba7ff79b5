// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// Teredo (RFC 4380): IPv6 in UDP, behind an optional authentication and an optional origin header.
Layer decode_teredo(Walk& walk);

}  // namespace weir
