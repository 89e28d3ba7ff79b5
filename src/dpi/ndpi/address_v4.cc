// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/api.h"

#include <netinet/in.h>

namespace weir::ndpi_api {

uint16_t match_address(Module* module, const IpAddress& address) {
  if (!address.is_v4()) return 0;
  in_addr bits{};
  bits.s_addr = address.v4_bits();
  return ndpi_network_ptree_match(module, &bits);
}

}  // namespace weir::ndpi_api
