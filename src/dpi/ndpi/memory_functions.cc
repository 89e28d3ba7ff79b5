// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

void set_memory(const Memory& memory) {
  // nDPI keeps its own functions for aligned memory and takes those above for flows.
  ndpi_set_memory_alloction_functions(memory.allocate, memory.release, memory.allocate_zeroed,
                                      memory.reallocate, nullptr, nullptr, nullptr, nullptr);
}

}  // namespace weir::ndpi_api
