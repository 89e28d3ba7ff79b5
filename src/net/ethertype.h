// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace weir {

// "ARP", "LLDP", "LLC"; "0x88b5" for what has no name here, "none" for 0.
[[nodiscard]] std::string ethertype_name(uint16_t ethertype);

}  // namespace weir
