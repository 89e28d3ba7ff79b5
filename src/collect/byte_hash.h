// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/keyed_hash.h"

namespace weir {

// A keyed hash of bytes of any length: one multiplication for each 8 of them.
[[nodiscard]] inline uint64_t hash_bytes(const KeyedHash& hash, std::span<const uint8_t> bytes) {
  uint64_t state = bytes.size();
  for (size_t at = 0; at < bytes.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
    state = hash.mix(state ^ word);
  }
  return state;
}

}  // namespace weir
