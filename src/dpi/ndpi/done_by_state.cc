// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

bool is_done(Module* /*module*/, Flow* /*flow*/, const ndpi_protocol& protocol) {
  return protocol.state == NDPI_STATE_CLASSIFIED;
}

}  // namespace weir::ndpi_api
