// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// UDP-Lite (RFC 3828): UDP with a check sum coverage in place of the length. Error: kTruncated.
Layer decode_udp_lite(Walk& walk);

}  // namespace weir
