// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

void set_memory(const Memory& memory) {
  set_ndpi_malloc(memory.allocate);
  set_ndpi_free(memory.release);
}

}  // namespace weir::ndpi_api
