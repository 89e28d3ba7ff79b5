// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dpi/address_owners.h"
#include "dpi/payload_pattern.h"

namespace weir {

// One [[application]] of a file of rules.
struct ApplicationRule {
  std::string name;
  std::string category;            // may be empty
  std::vector<std::string> hosts;  // lower case, without dots at either end
  std::vector<AddressRange> networks;
  std::vector<uint16_t> tcp_ports;
  std::vector<uint16_t> udp_ports;
  std::vector<std::string> ja4;
  std::vector<std::string> hassh;
  std::vector<PayloadPattern> payloads;
};

// Reads a file of rules (TOML 1.0, ASCII but for comments; docs/applications.md says what stands in
// it). `file` is its name
// in errors: "FILE:LINE: application NAME: KEY: reason". Whatever the text holds, nothing is
// thrown.
[[nodiscard]] Result<std::vector<ApplicationRule>> parse_rule_file(std::string_view text,
                                                                   const std::string& file);

}  // namespace weir
