// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/shared_packets.h"

#include <algorithm>

#include "decode/ends_glance.h"

namespace weir {

void SharedPackets::read(std::span<const PacketBatch> batches, const FlowShares& shares) {
  batches_ = batches;
  times_.clear();
  parts_.resize(shares.count());
  for (Part& part : parts_) {
    part.count = 0;
    part.ends.clear();
  }
  for (const PacketBatch& batch : batches) {
    for (Part& part : parts_) {
      if (part.packets.size() < part.count + kBatchSize)
        part.packets.resize(2 * part.packets.size() + kBatchSize);
    }
    read_batch(batch, shares);
    for (Part& part : parts_) part.ends.push_back(static_cast<uint32_t>(part.count));
  }
}

void SharedPackets::read_batch(const PacketBatch& batch, const FlowShares& shares) {
  uint64_t first = UINT64_MAX;
  uint64_t last = 0;
  for (const PacketView& view : std::span(batch.packets.data(), batch.count)) {
    const uint64_t order = view.timestamp.order();
    first = std::min(first, order);
    last = std::max(last, order);
    PlainIpv4 plain;
    uint32_t offset = 0;
    uint64_t ends = 0;
    if (read_plain_ipv4(view, plain, offset)) [[likely]] {
      ends = fold_ends(plain.source ^ plain.destination, plain.ports);
      SharedPacket& packet = parts_[shares.shard_of(ends)].add(view);
      packet.plain = plain;
      // Of a datagram it means nothing: no branch on which of the two it is.
      read_plain_tcp_segment(view, offset, packet.segment);
    } else if (glance_at_ends(view, ends)) {
      parts_[shares.shard_of(ends)].add(view).plain.protocol = 0;
    } else {
      for (Part& part : parts_) part.add(view).plain.protocol = 0;
    }
  }
  times_.push_back({Timestamp::from_order(first), Timestamp::from_order(last)});
}

}  // namespace weir
