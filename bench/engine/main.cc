// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "flood.h"
#include "interfaces.h"
#include "new_flows.h"
#include "purge.h"
#include "readers.h"
#include "throughput.h"

// weir-bench: one measurement a call, one JSON object on standard output. bench/run makes tables of
// them.
namespace weir::bench {
namespace {

struct CommandLine {
  ThroughputRequest throughput;
  NewFlowsRequest new_flows;
  PurgeRequest purge;
  FloodRequest flood;
  ReadersRequest readers;
  InterfacesRequest interfaces;
  std::string engines = "weir,absl,unordered_map";
  bool zipf = false;
  bool mix = false;
};

std::string json_of(const Spread& spread) {
  return fmt::format(R"({{"median": {:.5g}, "min": {:.5g}, "max": {:.5g}}})", spread.median,
                     spread.min, spread.max);
}

std::string json_of(const StepSummary& steps) {
  return fmt::format(
      R"({{"steps": {}, "interrupted": {}, "median_us": {:.4g}, "p999_us": {:.4g}, "worst_us": {:.4g}}})",
      steps.steps, steps.interrupted, steps.median_us, steps.p999_us, steps.worst_us);
}

std::string json_of(const EngineThroughput& result) {
  return fmt::format(
      R"("{}": {{"mpps": {}, "ratio": {}, "opening_mpps": {:.5g}, "resident_bytes": {}}})",
      result.engine, json_of(result.mpps), json_of(result.ratio), result.opening_mpps,
      result.resident_bytes);
}

std::string json_of(const NewFlowsResult& result) {
  return fmt::format(R"("{}": {{"million_per_second": {:.5g}, "steps": {}, "held": {}}})",
                     result.engine, result.million_per_second, json_of(result.steps), result.held);
}

std::string json_of(const PurgeResult& result) {
  return fmt::format(
      R"("mpps": {}, "steps": {}, "held": {}, "idle_steps": {}, "idle_ns_a_flow": {:.4g}, "left": {})",
      json_of(result.mpps), json_of(result.steps), result.held, json_of(result.idle_steps),
      result.idle_ns_a_flow, result.left);
}

std::string json_of(const FloodResult& result) {
  return fmt::format(
      R"("mpps": {:.4g}, "steps": {}, "syns": {}, "resident_bytes": {}, "ended_in_flood": {}, "ended_after": {}, "flows_after": {}, "hosts_after": {}, "exact": {})",
      result.mpps, json_of(result.steps), result.syns, result.resident_bytes, result.ended_in_flood,
      result.ended_after, result.flows_after, result.hosts_after, result.exact);
}

std::string json_of(const ReadersResult& result) {
  return fmt::format(
      R"("alone_mpps": {}, "read_mpps": {}, "loss_percent": {}, "queries": {}, "wall_ms": {:.4g}, "cpu_ms": {:.4g}, "cpu_ms_99": {:.4g}, "steps": {})",
      json_of(result.alone_mpps), json_of(result.read_mpps), json_of(result.loss_percent),
      result.queries, result.wall_ms, result.cpu_ms, result.cpu_ms_99, json_of(result.steps));
}

std::string json_of(const InterfacesResult& result) {
  return fmt::format(R"("one_mpps": {}, "two_mpps": {}, "times": {})", json_of(result.one_mpps),
                     json_of(result.two_mpps), json_of(result.times));
}

template <typename Item>
std::string json_of(const std::vector<Item>& items) {
  std::string text;
  for (const Item& item : items) text += (text.empty() ? "" : ", ") + json_of(item);
  return text;
}

template <typename Value>
int finish(const Result<Value>& result) {
  if (!result) {
    fmt::print(stderr, "weir-bench: {}\n", result.error().message);
    return 1;
  }
  fmt::print("{{{}}}\n", json_of(*result));
  return 0;
}

void declare_engines(CLI::App& app, CommandLine& line) {
  app.add_option("--engines", line.engines, "The last one is what ratios are to")
      ->capture_default_str();
}

CLI::App* declare_throughput(CLI::App& parent, CommandLine& line) {
  auto* app = parent.add_subcommand("throughput", "Packets a second once all flows are known");
  TrafficOptions& traffic = line.throughput.traffic;
  traffic.tcp_percent = 50;
  traffic.packets_per_second = 10'000'000;
  app->add_option("--hosts", traffic.hosts)->required();
  app->add_option("--flows", traffic.flows)->required();
  app->add_option("--size", traffic.size_bytes)->capture_default_str();
  app->add_option("--pps", traffic.packets_per_second, "Of packet time")->capture_default_str();
  app->add_option("--tcp", traffic.tcp_percent)->capture_default_str();
  app->add_option("--seed", traffic.seed)->capture_default_str();
  app->add_flag("--zipf", line.zipf, "Packets by Zipf's law instead of uniformly");
  app->add_flag("--mix", line.mix, "As weir-traffic --mix");
  app->add_flag("--consecutive", traffic.consecutive);
  app->add_flag("--colliding", traffic.colliding, "As weir-traffic --colliding");
  app->add_option("--rounds", line.throughput.rounds)->capture_default_str();
  app->add_option("--stretch", line.throughput.stretch_bytes, "Bytes of frames a round")
      ->capture_default_str();
  declare_engines(*app, line);
  return app;
}

CLI::App* declare_new_flows(CLI::App& parent, CommandLine& line) {
  auto* app = parent.add_subcommand("new-flows", "Flows begun a second, and the worst step");
  app->add_option("--hosts", line.new_flows.hosts)->capture_default_str();
  app->add_option("--flows", line.new_flows.flows)->capture_default_str();
  app->add_option("--memory", line.new_flows.memory_bytes, "Bytes; 0: room for all")
      ->capture_default_str();
  declare_engines(*app, line);
  return app;
}

CLI::App* declare_purge(CLI::App& parent, CommandLine& line) {
  auto* app = parent.add_subcommand("purge", "What ending silent flows costs");
  app->add_option("--hosts", line.purge.hosts)->capture_default_str();
  app->add_option("--flows", line.purge.flows, "Alive at a time")->capture_default_str();
  app->add_option("--new", line.purge.new_percent, "Percent of packets that begin a flow")
      ->capture_default_str();
  app->add_option("--timeout", line.purge.timeout_seconds, "Seconds of packet time; 0: never")
      ->capture_default_str();
  app->add_option("--rounds", line.purge.rounds)->capture_default_str();
  return app;
}

CLI::App* declare_flood(CLI::App& parent, CommandLine& line) {
  auto* app = parent.add_subcommand("flood", "SYNs of random sources beside established flows");
  app->add_option("--memory", line.flood.memory_bytes)->capture_default_str();
  app->add_option("--established", line.flood.established)->capture_default_str();
  app->add_option("--syns", line.flood.syns_per_second, "Per second of packet time")
      ->capture_default_str();
  app->add_option("--seconds", line.flood.seconds)->capture_default_str();
  return app;
}

CLI::App* declare_readers(CLI::App& parent, CommandLine& line) {
  auto* app = parent.add_subcommand("readers", "The first 100 hosts asked for without a pause");
  app->add_option("--hosts", line.readers.hosts)->capture_default_str();
  app->add_option("--flows", line.readers.flows)->capture_default_str();
  app->add_option("--rounds", line.readers.rounds)->capture_default_str();
  app->add_flag("--of-flows", line.readers.asks_for_flows, "Flows instead of hosts");
  app->add_option("--sort", line.readers.sort)->capture_default_str();
  app->add_option("--filter", line.readers.filter);
  return app;
}

CLI::App* declare_interfaces(CLI::App& parent, CommandLine& line) {
  auto* app = parent.add_subcommand("interfaces", "Two interfaces at a time, and one");
  app->add_option("--hosts", line.interfaces.hosts)->capture_default_str();
  app->add_option("--flows", line.interfaces.flows)->capture_default_str();
  app->add_option("--rounds", line.interfaces.rounds)->capture_default_str();
  return app;
}

int run(int argc, char** argv) {
  CLI::App app("Measures weir's engine in memory; see bench/run and docs/benchmarks.md.",
               "weir-bench");
  app.require_subcommand(1);
  CommandLine line;
  const auto* throughput = declare_throughput(app, line);
  const auto* new_flows = declare_new_flows(app, line);
  const auto* purge = declare_purge(app, line);
  const auto* flood = declare_flood(app, line);
  const auto* interfaces = declare_interfaces(app, line);
  declare_readers(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  line.throughput.engines = line.new_flows.engines = CLI::detail::split(line.engines, ',');
  line.throughput.traffic.shape = line.zipf ? TrafficShape::kZipf : TrafficShape::kRandom;
  if (line.mix) use_mix(line.throughput.traffic);
  if (throughput->parsed()) return finish(measure_throughput(line.throughput));
  if (new_flows->parsed()) return finish(measure_new_flows(line.new_flows));
  if (purge->parsed()) return finish(measure_purge(line.purge));
  if (flood->parsed()) return finish(measure_flood(line.flood));
  if (interfaces->parsed()) return finish(measure_interfaces(line.interfaces));
  return finish(measure_readers(line.readers));
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run(argc, argv);
}
