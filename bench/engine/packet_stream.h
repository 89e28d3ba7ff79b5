// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "net/packet_view.h"
#include "traffic/traffic_generator.h"

namespace weir::bench {

// The packets of a traffic plan in memory, as a capture ring holds them: frames of their real size,
// one after the other, a stretch at a time. Nothing is ever replayed from an earlier stretch: TCP
// goes on without a gap and packet time without a jump. Owner: one thread. Memory: the stretch.
class PacketStream {
 public:
  PacketStream(const TrafficPlan& plan, uint64_t stretch_packets);

  // Writes the next frames, at most a stretch and at most what the plan has left. Cost: 60 to 200
  // ns a packet. Returns how many.
  uint64_t fill(uint64_t packets);
  [[nodiscard]] uint64_t packets() const { return filled_; }  // of the stretch
  [[nodiscard]] uint64_t stretch() const { return stretch_; }
  [[nodiscard]] bool done() const { return generator_.done(); }

  // Hands the first `packets` of the stretch to process(const PacketBatch&), 64 at a time. As
  // often as asked. REQUIRES: packets <= this->packets().
  template <typename Process>
  void replay(uint64_t packets, Process&& process) const {
    PacketBatch batch;
    const uint8_t* frame = frames_.get();
    Timestamp when = start_;
    for (uint64_t left = packets; left > 0;) {
      batch.clear();
      for (; !batch.full() && left > 0; --left) {
        PacketView& view = batch.add();
        view = {};
        view.data = frame;
        view.captured_length = view.wire_length = frame_bytes_;
        view.timestamp = when;
        frame += frame_bytes_;
        when.nanoseconds += step_nanoseconds_;
        if (when.nanoseconds >= 1'000'000'000) {
          when.nanoseconds -= 1'000'000'000;
          ++when.seconds;
        }
      }
      process(batch);
    }
  }

 private:
  TrafficGenerator generator_;
  uint32_t frame_bytes_;
  uint32_t step_nanoseconds_;
  uint64_t stretch_;
  // Not a vector: the frames are written before they are read, zeroing them first would double
  // that.
  std::unique_ptr<uint8_t[]> frames_;
  uint64_t filled_ = 0;
  Timestamp start_{};
};

}  // namespace weir::bench
