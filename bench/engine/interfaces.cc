// SPDX-License-Identifier: GPL-3.0-or-later
#include "interfaces.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "engine.h"
#include "packet_stream.h"

namespace weir::bench {
namespace {

constexpr uint64_t kStretch = 4'000'000;

Result<TrafficPlan> plan_of(const InterfacesRequest& request, uint64_t seed) {
  TrafficOptions traffic;
  traffic.hosts = request.hosts;
  traffic.flows = request.flows;
  traffic.tcp_percent = 50;
  traffic.shape = TrafficShape::kRandom;
  traffic.packets_per_second = 10'000'000;
  traffic.packets = 2 * request.flows + 2 * request.rounds * kStretch;
  traffic.seed = seed;
  return TrafficPlan::make(traffic);
}

// An interface with its traffic.
class Lane {
 public:
  static Result<std::unique_ptr<Lane>> make(const InterfacesRequest& request, uint64_t seed) {
    auto plan = plan_of(request, seed);
    if (!plan) return plan.error();
    auto shard = Shard::create(roomy_shard({request.hosts, request.flows}), nullptr);
    if (!shard) return shard.error();
    std::unique_ptr<Lane> lane(new Lane(*std::move(plan), *std::move(shard)));
    for (uint64_t left = 2 * request.flows; left > 0; left -= lane->stream_.packets()) {
      lane->stream_.fill(std::min(left, kStretch));
      lane->run();
    }
    return lane;
  }

  void prepare() { stream_.fill(kStretch); }
  void run() {
    stream_.replay(stream_.packets(), [this](const PacketBatch& batch) { shard_->process(batch); });
  }

 private:
  Lane(TrafficPlan plan, std::unique_ptr<Shard> shard)
      : plan_(std::move(plan)), stream_(plan_, kStretch), shard_(std::move(shard)) {}

  TrafficPlan plan_;
  PacketStream stream_;
  std::unique_ptr<Shard> shard_;
};

// Million packets a second of wall-clock time of all together.
double mpps_of(const std::vector<Lane*>& lanes) {
  using Clock = std::chrono::steady_clock;
  for (Lane* lane : lanes) lane->prepare();
  std::barrier begin(static_cast<std::ptrdiff_t>(lanes.size()));
  std::vector<Clock::time_point> started(lanes.size());
  std::vector<Clock::time_point> ended(lanes.size());
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < lanes.size(); ++i) {
    threads.emplace_back([&, i] {
      begin.arrive_and_wait();
      started[i] = Clock::now();
      lanes[i]->run();
      ended[i] = Clock::now();
    });
  }
  threads.clear();
  const std::chrono::duration<double, std::micro> took =
      *std::max_element(ended.begin(), ended.end()) -
      *std::min_element(started.begin(), started.end());
  return static_cast<double>(kStretch * lanes.size()) / took.count();
}

}  // namespace

Result<InterfacesResult> measure_interfaces(const InterfacesRequest& request) {
  auto first = Lane::make(request, 1);
  if (!first) return first.error();
  auto second = Lane::make(request, 2);
  if (!second) return second.error();
  std::vector<double> one;
  std::vector<double> two;
  std::vector<double> times;
  for (unsigned round = 0; round < request.rounds; ++round) {
    one.push_back(mpps_of({first->get()}));
    two.push_back(mpps_of({first->get(), second->get()}));
    times.push_back(two.back() / one.back());
  }
  return InterfacesResult{spread_of(one), spread_of(two), spread_of(times)};
}

}  // namespace weir::bench
