// SPDX-License-Identifier: GPL-3.0-or-later
#include "readers.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "engine.h"
#include "engine/interface.h"
#include "packet_stream.h"
#include "query/live_questions.h"

namespace weir::bench {
namespace {

constexpr uint64_t kStretch = 4'000'000;

LiveQuestions::Setting about(const Interface& interface) {
  LiveQuestions::Setting setting;
  setting.interfaces = {&interface};
  setting.version = "bench";
  setting.now = [] { return 0.0; };
  setting.uptime = [] { return 0.0; };
  return setting;
}

// Asks for as long as it lives.
class Reader {
 public:
  Reader(const Interface& interface, const ReadersRequest& request)
      : asks_for_flows_(request.asks_for_flows), questions_(about(interface)) {
    list_.sort = request.sort;
    list_.filter = request.filter;
    list_.limit = 100;
  }

  // Asks until `stop`.
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto start = std::chrono::steady_clock::now();
      const double cpu = thread_cpu_seconds();
      const Answer answer = asks_for_flows_ ? questions_.flows(list_) : questions_.hosts(list_);
      cpu_ms_.push_back((thread_cpu_seconds() - cpu) * 1e3);
      wall_ms_.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
              .count());
      if (!answer) failed_ = true;
    }
  }

  void report(ReadersResult& result) const {
    result.queries = wall_ms_.size();
    result.wall_ms = spread_of(wall_ms_).median;
    result.cpu_ms = spread_of(cpu_ms_).median;
    result.cpu_ms_99 = quantile(cpu_ms_, 0.99);
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  bool asks_for_flows_;
  ListRequest list_;
  LiveQuestions questions_;
  std::vector<double> wall_ms_;
  std::vector<double> cpu_ms_;
  bool failed_ = false;
};

double round_mpps(PacketStream& stream, Shard& shard, StepClock& steps) {
  const double start = thread_cpu_seconds();
  stream.replay(stream.packets(),
                [&](const PacketBatch& batch) { steps.time([&] { shard.process(batch); }); });
  return static_cast<double>(stream.packets()) / (thread_cpu_seconds() - start) / 1e6;
}

}  // namespace

Result<ReadersResult> measure_readers(const ReadersRequest& request) {
  TrafficOptions traffic;
  traffic.hosts = request.hosts;
  traffic.flows = request.flows;
  traffic.tcp_percent = 50;
  traffic.shape = TrafficShape::kRandom;
  traffic.packets_per_second = 10'000'000;
  traffic.packets = 2 * request.flows + (2 * request.rounds + 1) * kStretch;
  const auto plan = TrafficPlan::make(traffic);
  if (!plan) return plan.error();
  auto made = Shard::create(roomy_shard({request.hosts, request.flows}), nullptr);
  if (!made) return made.error();
  Shard& shard = **made;
  std::vector<std::unique_ptr<Shard>> shards;
  shards.push_back(std::move(*made));
  const Interface interface("bench", "bench", 0, std::move(shards));

  PacketStream stream(*plan, kStretch);
  for (uint64_t left = 2 * request.flows + kStretch; left > 0;) {
    left -= stream.fill(std::min(left, kStretch));
    StepClock opening;
    round_mpps(stream, shard, opening);
  }
  ReadersResult result;
  Reader reader(interface, request);
  StepClock steps_alone;
  StepClock steps_read;
  std::vector<double> alone;
  std::vector<double> read;
  std::vector<double> loss;
  for (unsigned round = 0; round < request.rounds; ++round) {
    stream.fill(kStretch);
    alone.push_back(round_mpps(stream, shard, steps_alone));
    stream.fill(kStretch);
    std::jthread asking([&](const std::stop_token& stop) { reader.run(stop); });
    read.push_back(round_mpps(stream, shard, steps_read));
    asking.request_stop();
    asking.join();
    loss.push_back((1 - read.back() / alone.back()) * 100);
  }
  if (reader.failed()) return Error{"a query was not answered"};
  result.alone_mpps = spread_of(alone);
  result.read_mpps = spread_of(read);
  result.loss_percent = spread_of(loss);
  result.steps = steps_read.summary();
  reader.report(result);
  return result;
}

}  // namespace weir::bench
