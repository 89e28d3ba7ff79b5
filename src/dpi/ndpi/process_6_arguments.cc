// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

ndpi_protocol process(Module* module, Flow* flow, std::span<const uint8_t> packet,
                      uint64_t milliseconds) {
  return ndpi_detection_process_packet(module, flow, packet.data(),
                                       static_cast<unsigned short>(packet.size()), milliseconds,
                                       nullptr);
}

}  // namespace weir::ndpi_api
