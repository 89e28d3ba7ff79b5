// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// LINKTYPE_NFLOG: a netfilter log message, 4 bytes and then attributes (type, length, value) in the
// byte order of the machine that captured, taken to be ours. The packet is the value of
// attribute 9. Errors: kTruncated, kBadLength.
Layer decode_nflog(Walk& walk);

}  // namespace weir
