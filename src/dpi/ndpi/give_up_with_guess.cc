// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

ndpi_protocol give_up(Module* module, Flow* flow) {
  constexpr uint8_t kGuess = 1;
  uint8_t was_guessed = 0;
  return ndpi_detection_giveup(module, flow, kGuess, &was_guessed);
}

}  // namespace weir::ndpi_api
