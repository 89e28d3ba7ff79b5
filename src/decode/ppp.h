// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// PPP (RFC 1661), with or without address and control bytes (RFC 1662), the protocol in one or two
// bytes. A serial link of Cisco HDLC under a PPP link type is recognised by its address byte. LCP,
// IPCP and the like are no IP.
Layer decode_ppp(Walk& walk);

}  // namespace weir
