// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// VXLAN (RFC 7348), with the group policy extension, and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe) on
// its own port or by its P bit. No tunnel unless the VNI is marked valid and the last reserved byte
// is 0.
Layer decode_vxlan(Walk& walk);

}  // namespace weir
