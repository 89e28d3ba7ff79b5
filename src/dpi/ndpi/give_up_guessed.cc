// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

ndpi_protocol give_up(Module* module, Flow* flow) {
  uint8_t was_guessed = 0;
  return ndpi_detection_giveup(module, flow, &was_guessed);
}

}  // namespace weir::ndpi_api
