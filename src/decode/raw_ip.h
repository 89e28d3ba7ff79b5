// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// A packet without link layer: IPv4 or IPv6 by its version. Error: kBadVersion for any other,
// kTruncated when it is empty. Consumes nothing: the IP header is next.
Layer decode_raw_ip(Walk& walk);

}  // namespace weir
