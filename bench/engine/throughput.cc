// SPDX-License-Identifier: GPL-3.0-or-later
#include "throughput.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "engine.h"
#include "packet_stream.h"

namespace weir::bench {
namespace {

constexpr uint64_t kMostStretch = 4'000'000;
// Those who are compared with get the first part of each stretch: at a million flows they would
// take nine tenths of the time.
constexpr uint64_t kMostForOthers = 1'000'000;
constexpr uint64_t kOpeningStretch = 1'000'000;

struct Contender {
  std::string name;
  std::unique_ptr<Engine> engine;
  uint64_t packets = 0;
  double opening_seconds = 0;
  size_t resident_bytes = 0;
  std::vector<double> mpps;

  // CPU seconds for the first `count` packets of the stretch.
  double run(const PacketStream& stream, uint64_t count) {
    packets += count;
    const double start = thread_cpu_seconds();
    stream.replay(count, [this](const PacketBatch& batch) { engine->process(batch); });
    return thread_cpu_seconds() - start;
  }
};

// Packets until every flow was opened and answered.
uint64_t opening_packets(const TrafficOptions& traffic) {
  return 2 * traffic.flows;
}

uint64_t stretch_packets(const ThroughputRequest& request) {
  const uint64_t fit = request.stretch_bytes / request.traffic.size_bytes;
  return std::clamp<uint64_t>(fit, kBatchSize, kMostStretch);
}

void open_flows(PacketStream& stream, uint64_t packets, std::vector<Contender>& contenders) {
  for (uint64_t left = packets; left > 0;) {
    left -= stream.fill(std::min({left, kOpeningStretch, stream.stretch()}));
    for (Contender& contender : contenders) {
      const size_t before = resident_bytes();
      contender.opening_seconds += contender.run(stream, stream.packets());
      contender.resident_bytes += std::max(resident_bytes(), before) - before;
    }
  }
}

void run_rounds(PacketStream& stream, unsigned rounds, std::vector<Contender>& contenders) {
  for (unsigned round = 0; round <= rounds; ++round) {
    stream.fill(stream.stretch());
    for (size_t turn = 0; turn < contenders.size(); ++turn) {
      Contender& contender = contenders[(turn + round) % contenders.size()];
      const uint64_t count =
          contender.name == "weir" ? stream.packets() : std::min(stream.packets(), kMostForOthers);
      const double seconds = contender.run(stream, count);
      if (round > 0) contender.mpps.push_back(static_cast<double>(count) / seconds / 1e6);
    }
  }
}

std::string complaint(const Contender& contender, uint64_t flows) {
  if (contender.engine->packets() != contender.packets)
    return fmt::format("{} counted {} packets of {}", contender.name, contender.engine->packets(),
                       contender.packets);
  if (contender.engine->flows() != flows)
    return fmt::format("{} counted {} flows of {}", contender.name, contender.engine->flows(),
                       flows);
  return {};
}

EngineThroughput summary(const Contender& contender, const Contender& reference, uint64_t opening) {
  std::vector<double> ratios;
  for (size_t i = 0; i < contender.mpps.size(); ++i)
    ratios.push_back(contender.mpps[i] / reference.mpps[i]);
  return {contender.name, spread_of(contender.mpps), spread_of(ratios),
          static_cast<double>(opening) / contender.opening_seconds / 1e6, contender.resident_bytes};
}

}  // namespace

Result<std::vector<EngineThroughput>> measure_throughput(const ThroughputRequest& request) {
  TrafficOptions traffic = request.traffic;
  const uint64_t stretch = stretch_packets(request);
  const uint64_t opening = opening_packets(traffic);
  traffic.packets = opening + (request.rounds + 1) * stretch;
  const auto plan = TrafficPlan::make(traffic);
  if (!plan) return plan.error();

  std::vector<Contender> contenders;
  for (const std::string& name : request.engines) {
    auto engine = make_engine(name, {traffic.hosts, traffic.flows});
    if (!engine) return Error{"there is no engine " + name + ", or no memory for it"};
    Contender& contender = contenders.emplace_back();
    contender.name = name;
    contender.engine = std::move(engine);
  }
  PacketStream stream(*plan, stretch);
  open_flows(stream, opening, contenders);
  run_rounds(stream, request.rounds, contenders);

  std::vector<EngineThroughput> results;
  for (const Contender& contender : contenders) {
    if (std::string text = complaint(contender, traffic.flows); !text.empty()) return Error{text};
    results.push_back(summary(contender, contenders.back(), opening));
  }
  return results;
}

}  // namespace weir::bench
