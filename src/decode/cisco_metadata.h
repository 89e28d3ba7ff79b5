// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// Cisco MetaData (TrustSec), ethertype 0x8909: a list of options that carries the security group
// tag. On Ethernet the ethertype of what follows is behind it, in GRE in front of it. Error:
// kTruncated. Source: Wireshark packet-cisco-metadata, by its fields.
Layer decode_cisco_metadata(Walk& walk);
Layer decode_cisco_metadata_in_gre(Walk& walk);

}  // namespace weir
