// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

unsigned protocol_count(Module* module) {
  return ndpi_get_num_supported_protocols(module);
}

}  // namespace weir::ndpi_api
