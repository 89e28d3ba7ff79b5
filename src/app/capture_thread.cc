// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/capture_thread.h"

#include <chrono>
#include <utility>

namespace weir {
namespace {

Timestamp wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Timestamp::from_nanoseconds(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace

CaptureThread::CaptureThread(std::unique_ptr<PacketSource> source, Interface& interface,
                             size_t shard)
    : source_(std::move(source)),
      interface_(interface),
      shard_(*interface.shards()[shard]),
      status_(interface.input(shard)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void CaptureThread::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPatience{100};
  uint32_t second = 0;
  while (!stop.stop_requested()) {
    const PollStatus status = source_->poll(batch_, kPatience);
    if (status == PollStatus::kEnd) {
      publish_statistics();
      interface_.end(source_->error());
      // Whoever writes into a pipe that is broken for us must not wait for a reader.
      source_.reset();
      return;
    }
    if (status == PollStatus::kPackets) shard_.process(batch_);
    // Once a second of packet time, or when nothing comes: the counts cost a system call.
    if (status == PollStatus::kPackets && shard_.clock_second() == second) continue;
    // While packets wait in the ring, time is theirs; the wall's would leave them behind.
    if (!source_->is_file()) shard_.idle(status == PollStatus::kIdle ? wall_clock() : Timestamp{});
    second = shard_.clock_second();
    publish_statistics();
  }
  publish_statistics();
}

void CaptureThread::publish_statistics() {
  const CaptureStatistics statistics = source_->statistics();
  status_.kernel_drops.set(statistics.kernel_drops);
  status_.interface_drops.set(statistics.interface_drops);
  status_.ring_freezes.set(statistics.ring_freezes);
}

}  // namespace weir
