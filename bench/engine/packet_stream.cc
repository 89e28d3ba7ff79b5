// SPDX-License-Identifier: GPL-3.0-or-later
#include "packet_stream.h"

#include <algorithm>

namespace weir::bench {

PacketStream::PacketStream(const TrafficPlan& plan, uint64_t stretch_packets)
    : generator_(plan),
      frame_bytes_(static_cast<uint32_t>(plan.options().size_bytes)),
      step_nanoseconds_(static_cast<uint32_t>(1'000'000'000 / plan.options().packets_per_second)),
      stretch_(stretch_packets),
      frames_(new uint8_t[stretch_packets * frame_bytes_]) {}

uint64_t PacketStream::fill(uint64_t packets) {
  const uint64_t most = std::min(packets, stretch_);
  if (!generator_.done()) start_ = generator_.time();
  uint8_t* frame = frames_.get();
  for (filled_ = 0; filled_ < most && !generator_.done(); ++filled_, frame += frame_bytes_)
    generator_.next({frame, frame_bytes_});
  return filled_;
}

}  // namespace weir::bench
