// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// L2TP data messages: version 2 (RFC 2661) carries PPP over UDP; version 3 (RFC 3931) a pseudowire
// over UDP or IP. Version 3 says neither how long its cookie is, nor whether a sublayer follows,
// nor what it carries: Ethernet and PPP are looked for behind 0 to 12 bytes. Control messages are
// no tunnel.
Layer decode_l2tp_udp(Walk& walk);
Layer decode_l2tp_ip(Walk& walk);

}  // namespace weir
