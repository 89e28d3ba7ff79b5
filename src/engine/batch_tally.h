// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "decode/decoded_packet.h"
#include "engine/second_series.h"
#include "engine/shard_counters.h"
#include "net/ip_protocol.h"
#include "net/packet_view.h"

namespace weir {

// What the packets of a batch add to the counters and series of the interface: summed in plain
// memory and published once, so that a packet costs a few additions. Owner: shard thread.
class BatchTally {
 public:
  BatchTally(ShardCounters& counters, SecondSeries& series)
      : counters_(&counters), series_(&series) {}

  // Packets of one second, all of TCP or UDP; `all` holds `tcp`.
  struct Plain {
    Traffic all;
    Traffic tcp;
    std::array<Traffic, kDirections> directions;
    uint64_t captured_bytes = 0;
  };

  // A packet with IP. `clock`: the second in which packet time stands.
  void count(uint8_t protocol, ProtocolClass series_class, Direction direction,
             const PacketView& view, uint32_t clock) {
    add(static_cast<size_t>(series_class), view, clock);
    of_second_.directions[static_cast<size_t>(direction)] += Traffic{1, view.wire_length};
    if (series_class > ProtocolClass::kUdp) [[unlikely]]
      count_protocol(protocol, view);
  }
  void count_plain(const Plain& plain, uint32_t second, uint32_t clock);
  // One that has more to it than that.
  void count_malformed(DecodeError error);
  // A packet without.
  void count_unflowed(const DecodedPacket& packet, const PacketView& view, uint32_t clock);

  // The batch is over; `first` and `last` are the earliest and the latest of its times.
  void publish(Timestamp first, Timestamp last, uint32_t clock);

 private:
  void add(size_t series_class, const PacketView& view, uint32_t clock) {
    if (view.timestamp.seconds != second_) [[unlikely]]
      turn_to(view.timestamp.seconds, clock);
    of_second_.classes[series_class] += Traffic{1, view.wire_length};
    captured_bytes_ += view.captured_length;
  }
  void count_protocol(uint8_t protocol, const PacketView& view);
  void turn_to(uint32_t second, uint32_t clock);
  void publish_second(uint32_t clock);

  ShardCounters* counters_;
  SecondSeries* series_;
  uint32_t second_ = 0;
  SeriesPoint of_second_{};                         // not yet in the series
  std::array<Traffic, kSeriesClasses> of_batch_{};  // of the batch's seconds before second_
  uint64_t captured_bytes_ = 0;
};

}  // namespace weir
