// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "capture/packet_source.h"
#include "engine/inspection_share.h"
#include "engine/interface.h"

namespace weir {

// Carries packets from a source to a shard until it is destroyed or the source ends. It owns the
// source; the interface must outlive it. Once a second it tells what the source and the kernel say
// of them both. While the
// kernel loses packets of a live source, payloads of fewer new flows are looked into. `cpu`: the
// processor to run on; one that is not there is said once, and the thread runs where it may.
class CaptureThread {
 public:
  CaptureThread(std::unique_ptr<PacketSource> source, Interface& interface, size_t shard,
                std::optional<uint32_t> cpu);

 private:
  void run(const std::stop_token& stop);
  // What is to do when nothing comes. `has_waited`: for packets, and none came.
  void idle(bool has_waited);
  void publish_statistics();
  void thin_inspection(uint64_t lost);

  std::unique_ptr<PacketSource> source_;
  Interface& interface_;
  Shard& shard_;
  InputStatus& status_;
  std::optional<uint32_t> cpu_;
  PacketBatch batch_;
  std::chrono::steady_clock::time_point told_;
  InspectionShare inspection_share_;
  uint32_t one_in_ = 1;    // new flows is looked into
  size_t idle_steps_ = 0;  // still to do before it waits for packets again
  std::jthread thread_;    // last: it uses the others
};

}  // namespace weir
