// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/traffic_generator.h"

#include <cassert>

#include "net/ip_protocol.h"
#include "traffic/scramble.h"

namespace weir {
namespace {

constexpr uint8_t kSyn = 2;
constexpr uint8_t kPsh = 8;
constexpr uint8_t kAck = 16;

}  // namespace

TrafficGenerator::TrafficGenerator(const TrafficPlan& plan)
    : plan_(plan), builder_(plan.options().size_bytes), progress_(plan.options().flows) {}

bool TrafficGenerator::goes_to_server(uint64_t flow, const Progress& progress) const {
  if (progress.packets < 3) return progress.packets != 1;
  return scramble64(flow << 32 ^ progress.packets ^ plan_.options().seed) >> 63 != 0;
}

void TrafficGenerator::advance_tcp(FrameContents& contents, Progress& progress,
                                   size_t payload_bytes) {
  uint32_t& own = contents.to_server ? progress.client_sequence : progress.server_sequence;
  const uint32_t other = contents.to_server ? progress.server_sequence : progress.client_sequence;
  contents.has_payload = progress.packets >= 3;
  contents.tcp_flags = progress.packets == 0   ? kSyn
                       : progress.packets == 1 ? kSyn | kAck
                       : progress.packets == 2 ? kAck
                                               : kPsh | kAck;
  contents.tcp_sequence = own;
  contents.tcp_acknowledgement = (contents.tcp_flags & kAck) != 0 ? other : 0;
  if ((contents.tcp_flags & kSyn) != 0) own += 1;
  if (contents.has_payload) own += static_cast<uint32_t>(payload_bytes);
}

void TrafficGenerator::next(std::span<uint8_t> frame) {
  assert(!done());
  const uint64_t packet = next_++;
  const uint64_t flow = plan_.flow_of_packet(packet);
  FrameContents contents;
  if (flow == TrafficPlan::kFloodFlow) {
    ++flood_packets_;
    contents = {.has_payload = false,
                .tcp_flags = kSyn,
                .tcp_sequence = static_cast<uint32_t>(scramble64(packet))};
    builder_.build(plan_.flood_tuple(packet), contents, frame);
    return;
  }
  const FlowTuple tuple = plan_.tuple(flow);
  Progress& progress = progress_[flow];
  if (progress.packets == 0) {
    const uint64_t random = scramble64(flow ^ scramble64(plan_.options().seed ^ 0x736571));
    progress = {0, static_cast<uint32_t>(random), static_cast<uint32_t>(random >> 32)};
  }
  contents.to_server = goes_to_server(flow, progress);
  contents.number = static_cast<uint16_t>(progress.packets);
  if (tuple.protocol == kProtocolTcp)
    advance_tcp(contents, progress, builder_.payload_bytes(tuple));
  ++progress.packets;
  builder_.build(tuple, contents, frame);
}

}  // namespace weir
