// SPDX-License-Identifier: GPL-3.0-or-later
#include "new_flows.h"

#include <algorithm>
#include <memory>

#include "engine.h"
#include "packet_stream.h"

namespace weir::bench {
namespace {

constexpr uint64_t kStretch = 1'000'000;

struct Contender {
  std::string name;
  std::unique_ptr<Engine> engine;
  double seconds = 0;
  StepClock clock;
};

}  // namespace

Result<std::vector<NewFlowsResult>> measure_new_flows(const NewFlowsRequest& request) {
  TrafficOptions traffic;
  traffic.hosts = request.hosts;
  traffic.flows = traffic.packets = request.flows;
  traffic.tcp_percent = 50;
  traffic.packets_per_second = 1'000'000;
  const auto plan = TrafficPlan::make(traffic);
  if (!plan) return plan.error();
  std::vector<Contender> contenders;
  for (const std::string& name : request.engines) {
    auto engine = make_engine(name, {request.hosts, request.flows}, request.memory_bytes);
    if (!engine) return Error{"there is no engine " + name + ", or no memory for it"};
    Contender& contender = contenders.emplace_back();
    contender.name = name;
    contender.engine = std::move(engine);
  }
  PacketStream stream(*plan, kStretch);
  while (!stream.done()) {
    stream.fill(kStretch);
    for (Contender& contender : contenders) {
      const double start = thread_cpu_seconds();
      stream.replay(stream.packets(), [&](const PacketBatch& batch) {
        contender.clock.time([&] { contender.engine->process(batch); });
      });
      contender.seconds += thread_cpu_seconds() - start;
    }
  }
  std::vector<NewFlowsResult> results;
  for (const Contender& contender : contenders) {
    if (contender.engine->packets() != request.flows)
      return Error{contender.name + " did not count every packet"};
    results.push_back({contender.name, static_cast<double>(request.flows) / contender.seconds / 1e6,
                       contender.clock.summary(), contender.engine->held()});
  }
  return results;
}

}  // namespace weir::bench
