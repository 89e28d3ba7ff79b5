// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "capture/packet_source.h"
#include "engine/interface.h"

namespace weir {

// Carries packets from a source to a shard until it is destroyed or the source ends. It owns the
// source; the interface must outlive it.
class CaptureThread {
 public:
  CaptureThread(std::unique_ptr<PacketSource> source, Interface& interface, size_t shard);

 private:
  void run(const std::stop_token& stop);
  void publish_statistics();

  std::unique_ptr<PacketSource> source_;
  Interface& interface_;
  Shard& shard_;
  InputStatus& status_;
  PacketBatch batch_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace weir
