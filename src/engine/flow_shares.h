// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/keyed_hash.h"

namespace weir {

// Shares flows out among the shards of an interface by their ends, the same for both directions and
// for whatever is around them. A value; any thread.
class FlowShares {
 public:
  static constexpr uint32_t kMaxShards = UINT8_MAX;

  // REQUIRES: 1 <= count <= kMaxShards.
  FlowShares(const KeyedHash& hash, uint32_t count) : hash_(hash), count_(count) {}

  // Whose the flow of these folded_ends() is.
  [[nodiscard]] uint8_t shard_of(uint64_t ends) const {
    return static_cast<uint8_t>((hash_.mix(ends) >> 32) * count_ >> 32);
  }
  [[nodiscard]] uint32_t count() const { return count_; }

 private:
  KeyedHash hash_;
  uint32_t count_;
};

}  // namespace weir
