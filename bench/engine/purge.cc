// SPDX-License-Identifier: GPL-3.0-or-later
#include "purge.h"

#include <vector>

#include "engine.h"
#include "packet_stream.h"

namespace weir::bench {
namespace {

constexpr uint64_t kStretch = 4'000'000;
constexpr uint64_t kPps = 10'000'000;
// Rounds until as many flows end as begin: a flow that is over stays for the timeout.
constexpr unsigned kWarmUpRounds = 6;
constexpr unsigned kMostIdleSteps = 4'000'000;

Result<TrafficPlan> plan_of(const PurgeRequest& request) {
  TrafficOptions traffic;
  traffic.hosts = request.hosts;
  traffic.tcp_percent = 0;
  traffic.shape = TrafficShape::kRandom;
  traffic.packets_per_second = kPps;
  traffic.churn = static_cast<uint64_t>(static_cast<double>(kPps) * request.new_percent / 100);
  traffic.packets = 2 * request.flows + (kWarmUpRounds + request.rounds) * kStretch;
  traffic.flows = request.flows + (traffic.packets - 1) / kPps * traffic.churn +
                  (traffic.packets - 1) % kPps * traffic.churn / kPps;
  return TrafficPlan::make(traffic);
}

ShardOptions options_of(const PurgeRequest& request, uint64_t all_flows) {
  ShardOptions options = roomy_shard({request.hosts, all_flows});
  if (request.timeout_seconds == 0) return options;
  const std::chrono::seconds timeout(request.timeout_seconds);
  options.timeouts = {timeout, timeout, timeout, timeout, timeout};
  return options;
}

// Everybody falls silent: time passes until nothing is left or the sweep has been round.
void end_all(Shard& shard, PurgeResult& result) {
  StepClock clock;
  const uint64_t before = shard.flows().live();
  const Timestamp later{shard.clock_second() + 3600, 0};
  const double start = thread_cpu_seconds();
  for (unsigned step = 0; step < kMostIdleSteps && shard.flows().live() > 0; ++step)
    clock.time([&] { shard.idle(later); });
  const double seconds = thread_cpu_seconds() - start;
  result.left = shard.flows().live();
  result.idle_ns_a_flow = seconds * 1e9 / static_cast<double>(before - result.left);
  result.idle_steps = clock.summary();
}

}  // namespace

Result<PurgeResult> measure_purge(const PurgeRequest& request) {
  const auto plan = plan_of(request);
  if (!plan) return plan.error();
  auto made = Shard::create(options_of(request, plan->options().flows), nullptr);
  if (!made) return made.error();
  Shard& shard = **made;
  PacketStream stream(*plan, kStretch);
  const auto process = [&](const PacketBatch& batch) { shard.process(batch); };

  for (uint64_t left = 2 * request.flows + kWarmUpRounds * kStretch; left > 0;) {
    left -= stream.fill(std::min(left, kStretch));
    stream.replay(stream.packets(), process);
  }
  PurgeResult result;
  StepClock clock;
  std::vector<double> mpps;
  while (!stream.done()) {
    stream.fill(kStretch);
    const double start = thread_cpu_seconds();
    stream.replay(stream.packets(),
                  [&](const PacketBatch& batch) { clock.time([&] { shard.process(batch); }); });
    mpps.push_back(static_cast<double>(stream.packets()) / (thread_cpu_seconds() - start) / 1e6);
  }
  if (shard.counters().total.read().packets != plan->options().packets)
    return Error{"weir did not count every packet"};
  result.mpps = spread_of(mpps);
  result.steps = clock.summary();
  result.held = shard.flows().live();
  if (request.timeout_seconds != 0) end_all(shard, result);
  return result;
}

}  // namespace weir::bench
