// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// SCTP (RFC 9260): the common header of 12 bytes; the payload is all chunks. Error: kTruncated.
Layer decode_sctp(Walk& walk);

}  // namespace weir
