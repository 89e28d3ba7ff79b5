// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// The IP Authentication Header (RFC 4302), of IPv4 and IPv6: what it protects is readable and
// follows. ESP is not: its protocol number, 50, is all that is known. Errors: kTruncated,
// kBadLength below 12 bytes.
Layer decode_authentication_header(Walk& walk);

}  // namespace weir
