// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/keyed_hash.h"
#include "base/timestamp.h"
#include "net/packet_view.h"

namespace weir {

// What is said of a batch once for all shards of an interface that are shown it.
struct BatchShares {
  std::array<uint8_t, kBatchSize> shard;  // of each packet, or kToBeDecoded
  Timestamp first;                        // of all packets
  Timestamp last;

  // Only decoding tells whose it is: each shard has to, since later fragments follow their first.
  static constexpr uint8_t kToBeDecoded = UINT8_MAX;
};

// Shares flows out among the shards of an interface by their ends, the same for both directions and
// for whatever is around them. A value; any thread.
class FlowShares {
 public:
  static constexpr uint32_t kMaxShards = BatchShares::kToBeDecoded;

  // REQUIRES: 1 <= count <= kMaxShards.
  FlowShares(const KeyedHash& hash, uint32_t count) : hash_(hash), count_(count) {}

  // Whose the flow of these folded_ends() is.
  [[nodiscard]] uint8_t shard_of(uint64_t ends) const {
    return static_cast<uint8_t>((hash_.mix(ends) >> 32) * count_ >> 32);
  }
  // REQUIRES: the batch is not empty. Cost: a glance at each packet, some 5 ns.
  [[nodiscard]] BatchShares of(const PacketBatch& batch) const;

 private:
  KeyedHash hash_;
  uint32_t count_;
};

}  // namespace weir
