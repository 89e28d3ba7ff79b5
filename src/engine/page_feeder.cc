// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/page_feeder.h"

#include <sys/mman.h>

namespace weir {

PageFeeder::~PageFeeder() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake();
}

void PageFeeder::wake() {
  requests_.fetch_add(1, std::memory_order_release);
  requests_.notify_one();
}

void PageFeeder::feed(uint8_t* begin, size_t bytes) {
  if (!queue_.push(Range{begin, bytes})) return;
  if (!thread_.joinable())
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  wake();
}

void PageFeeder::run(const std::stop_token& stop) {
  uint32_t seen = requests_.load(std::memory_order_acquire);
  while (!stop.stop_requested()) {
    while (const auto range = queue_.pop()) {
      // Advice: a kernel before 5.14 says no, and the pages are cleared when they are touched.
      madvise(range->begin, range->bytes, MADV_POPULATE_WRITE);
      if (stop.stop_requested()) return;
    }
    requests_.wait(seen, std::memory_order_acquire);
    seen = requests_.load(std::memory_order_acquire);
  }
}

}  // namespace weir
