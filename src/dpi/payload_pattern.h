// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dpi/payload.h"

namespace weir {

// How the payload of a protocol begins. Shared: immutable once made.
struct PayloadPattern {
  std::vector<uint8_t> bits;    // from the payload's first byte; where the mask is 0 they are 0
  std::vector<uint8_t> mask;    // of the same length
  std::vector<uint16_t> ports;  // one of them on either side; empty: any
  bool on_tcp = true;
  bool on_udp = true;
  size_t at_least = 0;  // bytes of payload
  size_t at_most = SIZE_MAX;

  // Whether a payload that begins with this byte may match.
  [[nodiscard]] bool may_begin_with(uint8_t byte) const {
    return mask.empty() || (byte & mask[0]) == bits[0];
  }
  // REQUIRES: bits and mask are of one length. Cost: linear in it.
  [[nodiscard]] bool matches(const Payload& payload) const;
};

// Bytes as people write them: "81 0a .. ff", where ".." is any byte; spaces may be left out.
struct PatternBytes {
  std::vector<uint8_t> bits;
  std::vector<uint8_t> mask;
};
// Nothing for what is no such text.
[[nodiscard]] std::optional<PatternBytes> parse_pattern_bytes(std::string_view text);

}  // namespace weir
