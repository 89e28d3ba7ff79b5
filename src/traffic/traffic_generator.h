// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/timestamp.h"
#include "traffic/frame_builder.h"
#include "traffic/traffic_plan.h"

namespace weir {

// The packets of a plan, one after the other. TCP flows open with SYN, SYN+ACK and ACK and number
// their bytes without a gap; they never close, so that a flow stays one flow. Within a flow both
// sides speak, the client first. Owner: one thread. Memory: 12 bytes a flow.
class TrafficGenerator {
 public:
  explicit TrafficGenerator(const TrafficPlan& plan);

  [[nodiscard]] bool done() const { return next_ == plan_.options().packets; }
  [[nodiscard]] uint64_t packets() const { return next_; }
  [[nodiscard]] uint64_t flood_packets() const { return flood_packets_; }
  [[nodiscard]] size_t frame_bytes() const { return plan_.options().size_bytes; }
  // The time of the packet that next() will write. REQUIRES: !done().
  [[nodiscard]] Timestamp time() const { return plan_.time_of_packet(next_); }
  // Writes the next frame. REQUIRES: !done(); frame.size() is frame_bytes().
  void next(std::span<uint8_t> frame);

 private:
  // How far a flow has got.
  struct Progress {
    uint32_t packets = 0;
    uint32_t client_sequence = 0;  // of the next byte
    uint32_t server_sequence = 0;
  };

  [[nodiscard]] bool goes_to_server(uint64_t flow, const Progress& progress) const;
  static void advance_tcp(FrameContents& contents, Progress& progress, size_t payload_bytes);

  const TrafficPlan plan_;
  const FrameBuilder builder_;
  std::vector<Progress> progress_;
  uint64_t next_ = 0;
  uint64_t flood_packets_ = 0;
};

}  // namespace weir
