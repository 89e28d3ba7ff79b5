// SPDX-License-Identifier: GPL-3.0-or-later
// What the TCP analysis costs a packet, beside reading the packets and touching the flows' lines
// without it: 64 packets of as many flows in turn, data one way and its ACKs the other, all in
// order. Read the difference of the two at the same number of flows.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/tcp_analysis.h"

namespace weir {
namespace {

constexpr uint32_t kSegment = 1400;

// The packets of all flows: a segment from end 0, then the ACK from end 1. A round moves all
// numbers on, so that each stays in order.
class Traffic {
 public:
  explicit Traffic(size_t flows) : packets_(2 * flows) {
    for (size_t i = 0; i < flows; ++i) {
      DecodedPacket& data = packets_[2 * i];
      data.tcp_sequence = static_cast<uint32_t>(i) * 2654435761U;
      data.tcp_acknowledgement = 1;
      data.payload_wire_length = kSegment;
      DecodedPacket& ack = packets_[2 * i + 1];
      ack.tcp_sequence = 1;
      ack.tcp_acknowledgement = data.tcp_sequence + kSegment;
      for (DecodedPacket* packet : {&data, &ack}) {
        packet->tcp_flags = kTcpAck;
        packet->tcp_window = 1000;
      }
    }
  }
  // The next packet, its number moved on for the round after.
  DecodedPacket& next(size_t index) {
    DecodedPacket& packet = packets_[index];
    (index % 2 == 0 ? packet.tcp_sequence : packet.tcp_acknowledgement) += kSegment;
    return packet;
  }
  [[nodiscard]] size_t count() const { return packets_.size(); }

 private:
  std::vector<DecodedPacket> packets_;
};

template <typename Work>
void run(benchmark::State& state, Work&& work) {
  const auto flows = static_cast<size_t>(state.range(0));
  Traffic traffic(flows);
  const auto analyses = std::make_unique<TcpAnalysis[]>(flows);
  size_t index = 0;
  uint32_t nanosecond = 0;
  uint64_t events = 0;
  for (auto iteration : state) {
    for (size_t i = 0; i < 64; ++i) {
      const DecodedPacket& packet = traffic.next(index);
      nanosecond = (nanosecond + 1) & 0x1fffffff;
      events += work(analyses[index / 2], index % 2, packet, Timestamp{1'700'000'000, nanosecond});
      if (++index == traffic.count()) index = 0;
    }
  }
  // The first packets of each end are not of the short way; nothing is noteworthy about any.
  if (events != 0) state.SkipWithError("packets in order were found noteworthy");
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * 64));
}

void tcp_analysis(benchmark::State& state) {
  run(state, [](TcpAnalysis& analysis, size_t sender, const DecodedPacket& packet, Timestamp when) {
    return analyse(analysis, static_cast<unsigned>(sender), tcp_segment(packet), when);
  });
}

void packet_and_flow_only(benchmark::State& state) {
  run(state, [](TcpAnalysis& analysis, size_t sender, const DecodedPacket& packet, Timestamp when) {
    analysis.sent[sender].next_sequence = packet.tcp_sequence + packet.payload_wire_length;
    analysis.sent[sender].last_time = when.nanoseconds;
    return uint8_t{0};
  });
}

void by_flows(benchmark::internal::Benchmark* bench) {
  for (const int64_t flows : {16, 1'000, 100'000}) bench->Arg(flows);
}
BENCHMARK(packet_and_flow_only)->Apply(by_flows);
BENCHMARK(tcp_analysis)->Apply(by_flows);

}  // namespace
}  // namespace weir
