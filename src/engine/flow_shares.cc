// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/flow_shares.h"

#include <algorithm>

#include "decode/ends_glance.h"

namespace weir {

// Without a branch on what a packet says: whose it is nobody can predict.
BatchShares FlowShares::of(const PacketBatch& batch) const {
  BatchShares shares;
  uint64_t first = UINT64_MAX;
  uint64_t last = 0;
  for (size_t i = 0; i < batch.count; ++i) {
    const PacketView& packet = batch.packets[i];
    const uint64_t order = packet.timestamp.order();
    first = std::min(first, order);
    last = std::max(last, order);
    uint64_t ends = 0;
    const bool is_seen = glance_at_ends(packet, ends);
    shares.shard[i] = is_seen ? shard_of(ends) : BatchShares::kToBeDecoded;
  }
  shares.first = Timestamp::from_order(first);
  shares.last = Timestamp::from_order(last);
  return shares;
}

}  // namespace weir
