// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "record/flow_record.h"

namespace weir {

// What goes out: what came of a flow since it was last told of, which its times and counters say.
// All that was told of one flow adds up to what was seen of it. A plain value.
struct ExportedFlow {
  FlowRecord flow;            // kActive: it goes on
  uint32_t interface = 0;     // number among those of the outlets
  bool counts_frames = true;  // else bytes are those of IP datagrams
};

}  // namespace weir
