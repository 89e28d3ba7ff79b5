// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "base/spsc_queue.h"

namespace weir {

// Has the kernel clear pages on a thread of its own before the shard touches them: a fault on a 2
// MB page stops the packet loop for a tenth of a millisecond, and for many when a hypervisor has to
// find the memory first. A request that comes too late or finds the queue full does no harm: the
// shard's own touch then does the work. Sleeps when there is nothing to do; the thread starts with
// the first request. Owner: shard thread. Must be destroyed before the memory it was told of.
class PageFeeder {
 public:
  PageFeeder() = default;
  ~PageFeeder();
  PageFeeder(const PageFeeder&) = delete;
  PageFeeder& operator=(const PageFeeder&) = delete;

  // `begin` and `bytes` are multiples of the page size and the range is accessible. Returns at
  // once.
  void feed(uint8_t* begin, size_t bytes);

 private:
  struct Range {
    uint8_t* begin = nullptr;
    size_t bytes = 0;
  };
  void run(const std::stop_token& stop);
  void wake();

  SpscQueue<Range> queue_{64};
  std::atomic<uint32_t> requests_{0};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace weir
