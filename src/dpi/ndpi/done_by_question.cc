// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

bool is_done(Module* module, Flow* flow, const ndpi_protocol& protocol) {
  return application_of(protocol) != 0 && ndpi_extra_dissection_possible(module, flow) == 0;
}

}  // namespace weir::ndpi_api
