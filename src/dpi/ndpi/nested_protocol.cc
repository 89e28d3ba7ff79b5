// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

namespace weir::ndpi_api {

uint16_t master_of(const ndpi_protocol& protocol) {
  return protocol.proto.master_protocol;
}

uint16_t application_of(const ndpi_protocol& protocol) {
  return protocol.proto.app_protocol;
}

ndpi_protocol protocol_of(uint16_t application) {
  ndpi_protocol protocol{};
  protocol.proto.app_protocol = application;
  return protocol;
}

}  // namespace weir::ndpi_api
