// SPDX-License-Identifier: GPL-3.0-or-later
#include "flood.h"

#include <algorithm>
#include <set>
#include <vector>

#include "engine.h"
#include "traffic/traffic_generator.h"

namespace weir::bench {
namespace {

// The plan's SYNs are nine of ten packets.
constexpr uint64_t kSynsInTen = 9;
constexpr size_t kFrameBytes = 64;

TrafficOptions traffic_of(const FloodRequest& request) {
  TrafficOptions traffic;
  traffic.hosts = request.established;
  traffic.flows = request.established;
  traffic.size_bytes = kFrameBytes;
  traffic.shape = TrafficShape::kSynFlood;
  traffic.tcp_percent = 50;
  traffic.packets_per_second = request.syns_per_second * 10 / kSynsInTen;
  // As many again for the calm, of which the SYNs are left out.
  traffic.packets = 2 * request.seconds * traffic.packets_per_second + 4 * traffic.flows;
  return traffic;
}

// Counts the ended flows that are no SYN of the flood.
class EstablishedEnded final : public FlowSink {
 public:
  explicit EstablishedEnded(const TrafficPlan& plan) {
    for (uint64_t flow = 0; flow < plan.options().flows; ++flow)
      clients_.insert(plan.tuple(flow).client);
  }
  void accept(const FlowRecord& record) override {
    if (clients_.contains(record.client) || clients_.contains(record.server)) ++count_;
  }
  [[nodiscard]] uint64_t count() const { return count_; }

 private:
  std::set<IpAddress> clients_;
  uint64_t count_ = 0;
};

// Frames of a plan given to a shard, a batch at a time.
class Feed {
 public:
  Feed(const TrafficPlan& plan, Shard& shard)
      : generator_(plan), shard_(shard), frames_(kBatchSize * kFrameBytes) {}

  // `packets` of the plan at its own times; `clock` has the steps.
  double flood(uint64_t packets, StepClock& clock) {
    double seconds = 0;
    for (uint64_t left = packets; left > 0;) {
      for (; !batch_.full() && left > 0; --left) add(generator_.time());
      const double start = thread_cpu_seconds();
      clock.time([&] { send(); });
      seconds += thread_cpu_seconds() - start;
    }
    return seconds;
  }

  // The next `packets` of the plan without its SYNs, evenly over `span` after `from`.
  void calm(uint64_t packets, Timestamp from, std::chrono::seconds span) {
    for (uint64_t i = 0; i < packets; ++i) {
      const auto offset = static_cast<double>(span.count()) * static_cast<double>(i) * 1e9 /
                          static_cast<double>(packets);
      const uint64_t syns = generator_.flood_packets();
      add(Timestamp::from_nanoseconds(from.as_nanoseconds() + static_cast<int64_t>(offset)));
      if (generator_.flood_packets() != syns) batch_.count -= 1;
      if (batch_.full()) send_live();
    }
    send_live();
  }

  [[nodiscard]] uint64_t sent() const { return sent_; }
  [[nodiscard]] uint64_t syns() const { return generator_.flood_packets(); }

 private:
  void add(Timestamp when) {
    uint8_t* frame = &frames_[batch_.count * kFrameBytes];
    generator_.next({frame, kFrameBytes});
    PacketView& view = batch_.add();
    view = {};
    view.data = frame;
    view.captured_length = view.wire_length = kFrameBytes;
    view.timestamp = when;
  }
  void send() {
    sent_ += batch_.count;
    shard_.process(batch_);
    batch_.clear();
  }

  // As a capture thread does: it lets time pass once a second of packet time.
  void send_live() {
    const uint32_t second = shard_.clock_second();
    send();
    if (shard_.clock_second() != second) shard_.idle(Timestamp{});
  }

  TrafficGenerator generator_;
  Shard& shard_;
  std::vector<uint8_t> frames_;
  PacketBatch batch_;
  uint64_t sent_ = 0;
};

// Whether flows, hosts and the interface each add up to what was sent.
bool adds_up(const Shard& shard, uint64_t packets) {
  const Traffic all{packets, packets * kFrameBytes};
  Traffic flows = shard.flows().other() + shard.counters().flows_ended.read();
  for (uint32_t slot = 1; slot < shard.flows().limit(); ++slot) {
    if (const auto flow = shard.flows().snapshot(slot, 0))
      flows += flow->to_server + flow->to_client;
  }
  const HostRecord other = shard.hosts().other(0);
  Traffic sent = other.total_sent() + shard.counters().hosts_gone_sent.read();
  Traffic received = other.total_received() + shard.counters().hosts_gone_received.read();
  for (uint32_t slot = 1; slot < shard.hosts().limit(); ++slot) {
    if (const auto host = shard.hosts().snapshot(slot, 0)) {
      sent += host->total_sent();
      received += host->total_received();
    }
  }
  return flows == all && sent == all && received == all && shard.counters().total.read() == all;
}

Timestamp clock_of(const Shard& shard) {
  return {shard.clock_second() + 1, 0};
}

}  // namespace

Result<FloodResult> measure_flood(const FloodRequest& request) {
  const TrafficOptions traffic = traffic_of(request);
  const auto plan = TrafficPlan::make(traffic);
  if (!plan) return plan.error();
  EstablishedEnded ended(*plan);
  ShardOptions options;
  options.memory_bytes = request.memory_bytes;
  options.secret = KeyedHash::random_secret();
  const size_t resident = resident_bytes();
  auto made = Shard::create(options, &ended);
  if (!made) return made.error();
  Shard& shard = **made;
  Feed feed(*plan, shard);

  FloodResult result;
  StepClock opening;
  feed.flood(4 * traffic.flows, opening);
  StepClock clock;
  const uint64_t packets = request.seconds * traffic.packets_per_second;
  result.mpps = static_cast<double>(packets) / feed.flood(packets, clock) / 1e6;
  result.steps = clock.summary();
  result.syns = feed.syns();
  result.resident_bytes = std::max(resident_bytes(), resident) - resident;
  result.ended_in_flood = ended.count();

  feed.calm(packets / 2, clock_of(shard), 2 * options.timeouts.flow);
  result.flows_after = shard.flows().live();
  feed.calm(packets / 2, clock_of(shard), 2 * options.timeouts.host);
  result.hosts_after = shard.hosts().live();
  result.ended_after = ended.count();
  result.exact = adds_up(shard, feed.sent());
  return result;
}

}  // namespace weir::bench
