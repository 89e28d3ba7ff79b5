// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/mac_address.h"

#include <fmt/format.h>

namespace weir {

std::string MacAddress::to_string() const {
  return fmt::format("{:02x}", fmt::join(bytes, ":"));
}

}  // namespace weir
