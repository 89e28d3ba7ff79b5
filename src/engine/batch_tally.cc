// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/batch_tally.h"

#include <algorithm>

namespace weir {
namespace {

// Nanoseconds since 1970 as ShardCounters keeps them, where 0 is "no packet yet".
uint64_t since_1970(Timestamp when) {
  return static_cast<uint64_t>(std::max<int64_t>(when.as_nanoseconds(), 1));
}

}  // namespace

void BatchTally::count_plain(const Plain& plain, uint32_t second, uint32_t clock) {
  if (plain.all.packets == 0) return;
  if (second != second_) turn_to(second, clock);
  of_second_.classes[static_cast<size_t>(ProtocolClass::kTcp)] += plain.tcp;
  of_second_.classes[static_cast<size_t>(ProtocolClass::kUdp)] +=
      Traffic{plain.all.packets - plain.tcp.packets, plain.all.bytes - plain.tcp.bytes};
  for (size_t i = 0; i < kDirections; ++i) of_second_.directions[i] += plain.directions[i];
  captured_bytes_ += plain.captured_bytes;
}

void BatchTally::count_unflowed(const DecodedPacket& packet, const PacketView& view,
                                uint32_t clock) {
  const Traffic traffic{1, view.wire_length};
  if (packet.error == DecodeError::kNone) {
    counters_->ethertype(packet.ethertype).add(traffic);
  } else {
    counters_->not_decoded[static_cast<size_t>(packet.error)].add(traffic);
  }
  add(kSeriesNonIp, view, clock);
}

void BatchTally::count_protocol(uint8_t protocol, const PacketView& view) {
  counters_->by_protocol[protocol].add({1, view.wire_length});
}

void BatchTally::count_malformed(DecodeError error) {
  counters_->malformed[static_cast<size_t>(error)].add(1);
}

void BatchTally::turn_to(uint32_t second, uint32_t clock) {
  publish_second(clock);
  second_ = second;
}

void BatchTally::publish_second(uint32_t clock) {
  uint64_t packets = 0;
  for (size_t i = 0; i < kSeriesClasses; ++i) {
    packets += of_second_.classes[i].packets;
    of_batch_[i] += of_second_.classes[i];
  }
  if (packets == 0) return;
  if (!series_->add(second_, clock, of_second_)) counters_->late_for_series.add(packets);
  of_second_ = {};
}

void BatchTally::publish(Timestamp first, Timestamp last, uint32_t clock) {
  publish_second(clock);
  Traffic total;
  for (const Traffic& traffic : of_batch_) total += traffic;
  if (total.packets == 0) return;
  counters_->total.add(total);
  counters_->captured_bytes.add(captured_bytes_);
  counters_->by_protocol[kProtocolTcp].add(of_batch_[static_cast<size_t>(ProtocolClass::kTcp)]);
  counters_->by_protocol[kProtocolUdp].add(of_batch_[static_cast<size_t>(ProtocolClass::kUdp)]);
  const uint64_t earliest = counters_->first_seen.get();
  if (earliest == 0 || since_1970(first) < earliest) counters_->first_seen.set(since_1970(first));
  if (since_1970(last) > counters_->last_seen.get()) counters_->last_seen.set(since_1970(last));
  of_batch_ = {};
  captured_bytes_ = 0;
}

}  // namespace weir
