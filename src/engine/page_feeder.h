// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "base/spsc_queue.h"

namespace weir {

// Has the kernel clear pages on a thread of its own before the shard touches them: clearing costs a
// growing table a third of its time, and single faults on 2 MB pages stop the packet loop for up to
// half a millisecond. A request that comes too late or finds the queue full does no harm: the
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
