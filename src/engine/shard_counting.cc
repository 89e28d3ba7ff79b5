// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that counts what belongs to the interface as a whole.
#include <algorithm>

#include "engine/shard.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

void count_total(ShardCounters& counters, const PacketView& view) {
  counters.total.add({1, view.wire_length});
  counters.captured_bytes.add(view.captured_length);
  const auto when = static_cast<uint64_t>(
      std::max<int64_t>(view.timestamp.as_nanoseconds(), 1));  // 0: no packet yet
  const uint64_t first = counters.first_seen.get();
  if (first == 0 || when < first) counters.first_seen.set(when);
  if (when > counters.last_seen.get()) counters.last_seen.set(when);
}

}  // namespace

void Shard::count_flowed(const DecodedPacket& packet, const PacketView& view) {
  count_total(*counters_, view);
  counters_->by_protocol[packet.protocol].add({1, view.wire_length});
  if (packet.error != DecodeError::kNone)
    counters_->malformed[static_cast<size_t>(packet.error)].add(1);
  count_second(view.timestamp.seconds, static_cast<size_t>(protocol_class(packet.protocol)),
               view.wire_length);
}

void Shard::count_unflowed(const DecodedPacket& packet, const PacketView& view) {
  count_total(*counters_, view);
  const Traffic traffic{1, view.wire_length};
  if (packet.error == DecodeError::kNone) {
    counters_->ethertype(packet.ethertype).add(traffic);
  } else {
    counters_->not_decoded[static_cast<size_t>(packet.error)].add(traffic);
  }
  count_second(view.timestamp.seconds, kSeriesNonIp, view.wire_length);
}

void Shard::count_second(uint32_t second, size_t series_class, uint32_t bytes) {
  if (second != second_) {
    flush_second();
    second_ = second;
  }
  second_traffic_[series_class] += {1, bytes};
}

void Shard::flush_second() {
  uint64_t packets = 0;
  for (const Traffic& traffic : second_traffic_) packets += traffic.packets;
  if (packets == 0) return;
  if (!series_.add(second_, clock_.now().seconds, second_traffic_))
    counters_->late_for_series.add(packets);
  second_traffic_ = {};
}

}  // namespace weir
