// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "throughput.h"

// weir-bench: one measurement a call, one JSON object on standard output. bench/run makes tables of
// them.
namespace weir::bench {
namespace {

struct CommandLine {
  ThroughputRequest throughput;
  std::string engines = "weir,absl,unordered_map";
  bool zipf = false;
};

void declare_traffic(CLI::App& app, CommandLine& line) {
  TrafficOptions& traffic = line.throughput.traffic;
  traffic.tcp_percent = 50;
  traffic.packets_per_second = 10'000'000;
  app.add_option("--hosts", traffic.hosts)->required();
  app.add_option("--flows", traffic.flows)->required();
  app.add_option("--size", traffic.size_bytes)->capture_default_str();
  app.add_option("--pps", traffic.packets_per_second, "Of packet time")->capture_default_str();
  app.add_option("--tcp", traffic.tcp_percent)->capture_default_str();
  app.add_option("--seed", traffic.seed)->capture_default_str();
  app.add_flag("--zipf", line.zipf, "Packets by Zipf's law instead of uniformly");
  app.add_flag("--consecutive", traffic.consecutive);
}

std::string json_of(const Spread& spread) {
  return fmt::format(R"({{"median": {:.4g}, "min": {:.4g}, "max": {:.4g}}})", spread.median,
                     spread.min, spread.max);
}

void print_json(const std::vector<EngineThroughput>& results) {
  std::string text;
  for (const EngineThroughput& result : results) {
    if (!text.empty()) text += ", ";
    text += fmt::format(
        R"("{}": {{"mpps": {}, "ratio": {}, "opening_mpps": {:.4g}, "resident_bytes": {}}})",
        result.engine, json_of(result.mpps), json_of(result.ratio), result.opening_mpps,
        result.resident_bytes);
  }
  fmt::print("{{{}}}\n", text);
}

int run_throughput(CommandLine& line) {
  line.throughput.traffic.shape = line.zipf ? TrafficShape::kZipf : TrafficShape::kRandom;
  line.throughput.engines = CLI::detail::split(line.engines, ',');
  const auto results = measure_throughput(line.throughput);
  if (!results) {
    fmt::print(stderr, "weir-bench: {}\n", results.error().message);
    return 1;
  }
  print_json(*results);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Measures weir's engine in memory; see bench/run and docs/benchmarks.md.",
               "weir-bench");
  app.require_subcommand(1);
  CommandLine line;
  auto* throughput = app.add_subcommand("throughput", "Packets a second once all flows are known");
  declare_traffic(*throughput, line);
  throughput->add_option("--engines", line.engines, "The last one is what ratios are to")
      ->capture_default_str();
  throughput->add_option("--rounds", line.throughput.rounds)->capture_default_str();
  throughput->add_option("--stretch", line.throughput.stretch_bytes, "Bytes of frames a round")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return run_throughput(line);
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  return weir::bench::run(argc, argv);
}
