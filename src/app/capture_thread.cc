// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/capture_thread.h"

#include <utility>

#include <fmt/format.h>

#include "app/shard_thread.h"
#include "base/log.h"

namespace weir {
namespace {

using std::chrono::steady_clock;

// Packets that are older have all been seen.
Timestamp time_that_passed(const PacketSource& source) {
  const auto now = std::chrono::system_clock::now().time_since_epoch() - source.hand_over_delay();
  return Timestamp::from_nanoseconds(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace

CaptureThread::CaptureThread(std::unique_ptr<PacketSource> source, Interface& interface,
                             size_t shard, std::optional<uint32_t> cpu)
    : source_(std::move(source)),
      interface_(interface),
      shard_(*interface.shards()[shard]),
      status_(interface.input(shard)),
      cpu_(cpu),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void CaptureThread::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPatience{100};
  begin_shard_thread(status_, cpu_);
  uint32_t second = 0;
  while (!stop.stop_requested()) {
    const bool waits = idle_steps_ == 0;
    const PollStatus status =
        source_->poll(batch_, waits ? kPatience : std::chrono::milliseconds(0));
    if (status == PollStatus::kEnd) {
      publish_statistics();
      interface_.end(source_->error());
      // Whoever writes into a pipe that is broken for us must not wait for a reader.
      source_.reset();
      return;
    }
    if (status == PollStatus::kPackets) shard_.process(batch_);
    // Once a second of packet time, or when nothing comes: the counts cost system calls.
    if (status == PollStatus::kPackets && shard_.clock_second() == second) continue;
    idle(waits && status == PollStatus::kIdle);
    second = shard_.clock_second();
  }
  publish_statistics();
}

void CaptureThread::idle(bool has_waited) {
  // While packets may wait in the ring, time is theirs; the wall's would leave them behind.
  if (!source_->is_file()) {
    const bool has_more = shard_.idle(has_waited ? time_that_passed(*source_) : Timestamp{});
    if (idle_steps_ == 0) idle_steps_ = Shard::kIdleSteps;
    // While things end there is more to do, a little at a time: packets come first.
    if (!has_more || idle_steps_ > 1) --idle_steps_;
  }
  const auto now = steady_clock::now();
  if (now < told_ + std::chrono::seconds(1)) return;
  told_ = now;
  publish_statistics();
}

void CaptureThread::publish_statistics() {
  const CaptureStatistics statistics = source_->statistics();
  status_.kernel_drops.set(statistics.kernel_drops);
  status_.interface_drops.set(statistics.interface_drops);
  status_.ring_freezes.set(statistics.ring_freezes);
  status_.fill_ring_empty.set(statistics.fill_ring_empty);
  for (size_t i = 0; i < kDropPlaces; ++i) status_.drops[i].set(statistics.drops.packets[i]);
  publish_thread_times(status_);
  if (!source_->is_file()) thin_inspection(statistics.kernel_drops);
}

void CaptureThread::thin_inspection(uint64_t lost) {
  const uint32_t one_in = inspection_share_.look(lost);
  if (one_in == one_in_) return;
  if (one_in_ == 1)
    log_warning(fmt::format("{}: packets are lost; fewer new flows are looked into until that ends",
                            source_->name()));
  if (one_in == 1) log_info(fmt::format("{}: all flows are looked into again", source_->name()));
  one_in_ = one_in;
  shard_.thin_inspection(one_in);
}

}  // namespace weir
