// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// Geneve (RFC 8926): version 0, options skipped, payload by ethertype. No tunnel unless the
// reserved bits are 0.
Layer decode_geneve(Walk& walk);

}  // namespace weir
