// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/walk.h"

namespace weir {

// TZSP, the TaZmen Sniffer Protocol: a tag list, then an Ethernet, 802.11 or Prism frame.
Layer decode_tzsp(Walk& walk);

}  // namespace weir
