// SPDX-License-Identifier: GPL-3.0-or-later
// What classification and metadata cost each flow of a recorded capture (WEIR_BENCH_CAPTURE): the
// time in the inspector from the flow's begin to its verdict's end, packets decoded before. The
// counters are over the flows with payload: of each the median of its rounds, of those the median,
// the mean and the percentile 90, in microseconds.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "capture/capture_file.h"
#include "decode/decode.h"
#include "dpi/inspector.h"
#include "dpi/protocol_rules.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;
constexpr uint8_t kSyn = 0x02;
constexpr uint8_t kEnd = 0x05;  // FIN, RST

struct Packet {
  size_t flow;
  std::vector<uint8_t> datagram;
  InspectedPacket shown;
};
struct Recording {
  std::vector<InspectedFlow> flows;
  std::vector<Packet> packets;
};

// Puts packets to flows as a shard does: the client is who sends the first SYN, else who has no
// port of a service, else who began.
class Recorder {
 public:
  void take(const PacketView& view) {
    DecodedPacket packet;
    decode(view, packet);
    if (!packet.has_ip || packet.is_later_fragment) return;
    Packet kept{flow_of(packet), {packet.network, packet.network + packet.network_length}, {}};
    const InspectedFlow& flow = recording_.flows[kept.flow];
    kept.shown.payload_wire_length = packet.payload_wire_length;
    kept.shown.tcp_sequence = packet.tcp_sequence;
    kept.shown.tcp_flags = packet.tcp_flags;
    kept.shown.is_tcp = packet.protocol == kProtocolTcp;
    kept.shown.to_server = packet.source == flow.client && packet.source_port == flow.client_port;
    kept.shown.when = view.timestamp;
    const size_t at =
        packet.payload_length == 0 ? 0 : static_cast<size_t>(packet.payload - packet.network);
    kept.shown.datagram = kept.datagram;
    kept.shown.payload = kept.shown.datagram.subspan(at, packet.payload_length);
    recording_.packets.push_back(std::move(kept));
  }
  [[nodiscard]] Recording& recording() { return recording_; }

 private:
  using End = std::pair<IpAddress, uint16_t>;
  using Key = std::tuple<End, End, uint8_t>;

  size_t flow_of(const DecodedPacket& packet) {
    End from{packet.source, packet.source_port};
    End to{packet.destination, packet.destination_port};
    const Key key{std::min(from, to), std::max(from, to), packet.protocol};
    const auto [at, is_new] = known_.try_emplace(key, recording_.flows.size());
    if (!is_new) return at->second;
    const bool is_syn = packet.protocol == kProtocolTcp && (packet.tcp_flags & kSyn) != 0;
    const bool is_from_service =
        application_of_port(packet.protocol, packet.source_port) != kApplicationUnknown &&
        application_of_port(packet.protocol, packet.destination_port) == kApplicationUnknown;
    const bool is_answer = is_syn ? (packet.tcp_flags & kTcpAck) != 0 : is_from_service;
    if (is_answer) std::swap(from, to);
    recording_.flows.push_back({from.first, to.first, from.second, to.second, packet.protocol});
    return at->second;
  }

  Recording recording_;
  std::map<Key, size_t> known_;
};

Recording record(const char* path) {
  Recorder recorder;
  auto source = open_capture_file(path);
  if (!source) return {};
  PacketBatch batch;
  while ((*source)->poll(batch, std::chrono::milliseconds(0)) == PollStatus::kPackets) {
    for (size_t i = 0; i < batch.count; ++i) recorder.take(batch.packets[i]);
  }
  return std::move(recorder.recording());
}

// What two looks at the clock cost at least.
double clock_cost_us() {
  auto least = Clock::duration::max();
  for (int i = 0; i < 10'000; ++i) {
    const auto start = Clock::now();
    least = std::min(least, Clock::now() - start);
  }
  return std::chrono::duration<double, std::micro>(least).count();
}

// One reading of the capture in which all flows are new: the time that each one took.
class Round {
 public:
  Round(Inspector& inspector, const Recording& recording, double clock_us)
      : inspector_(inspector),
        recording_(recording),
        clock_us_(clock_us),
        flows_(recording.flows.size()) {}

  const std::vector<double>& run() {
    for (const Packet& packet : recording_.packets) {
      Flow& flow = flows_[packet.flow];
      if (flow.is_over || (packet.shown.is_tcp && packet.shown.payload.empty() &&
                           (packet.shown.tcp_flags & (kSyn | kEnd)) == 0))
        continue;
      timed(packet.flow, [&] { show(packet, flow); });
    }
    for (size_t i = 0; i < flows_.size(); ++i) {
      if (!flows_[i].is_over && flows_[i].handle != Inspector::kNone)
        timed(i, [&] { finish(flows_[i]); });
    }
    return times_;
  }

 private:
  struct Flow {
    Inspector::Handle handle = Inspector::kNone;
    bool is_over = false;
  };

  template <typename Work>
  void timed(size_t flow, Work&& work) {
    const auto start = Clock::now();
    work();
    const auto took = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
    times_[flow] += std::max(0.0, took - clock_us_);
  }
  void show(const Packet& packet, Flow& flow) {
    const InspectedPacket& shown = packet.shown;
    const bool is_syn = shown.is_tcp && (shown.tcp_flags & kSyn) != 0;
    if (flow.handle == Inspector::kNone)
      flow.handle = inspector_.begin(recording_.flows[packet.flow]);
    const bool is_passed = shown.is_tcp && !is_syn && shown.payload_wire_length > 0 &&
                           inspector_.pass_over(flow.handle, shown.to_server, shown.tcp_sequence,
                                                shown.payload_wire_length, shown.when);
    if (!is_passed && (is_syn || !shown.payload.empty()) &&
        inspector_.inspect(flow.handle, shown) == InspectionState::kFinished)
      return end(flow);
    if (shown.is_tcp && (shown.tcp_flags & kEnd) != 0 && inspector_.see_end(flow.handle, shown))
      finish(flow);
  }
  void finish(Flow& flow) {
    inspector_.conclude(flow.handle);
    end(flow);
  }
  void end(Flow& flow) {
    benchmark::DoNotOptimize(inspector_.verdict(flow.handle));
    inspector_.end(flow.handle);
    flow.is_over = true;
  }

  Inspector& inspector_;
  const Recording& recording_;
  double clock_us_;
  std::vector<Flow> flows_;
  std::vector<double> times_ = std::vector<double>(recording_.flows.size());
};

double part(std::vector<double>& values, double share) {
  const auto at =
      values.begin() + static_cast<ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

void BM_EachFlow(benchmark::State& state) {
  const char* path = std::getenv("WEIR_BENCH_CAPTURE");
  const Recording recording = path == nullptr ? Recording() : record(path);
  auto inspector = Inspector::create({});
  const auto rules = ProtocolRules::load("");
  if (recording.packets.empty() || !inspector || !rules)
    return state.SkipWithError("WEIR_BENCH_CAPTURE names no capture");
  (*inspector)->set_rules(*rules);
  const double clock_us = clock_cost_us();
  std::vector<std::vector<double>> rounds;
  for (auto iteration : state) rounds.push_back(Round(**inspector, recording, clock_us).run());
  std::vector<double> flows;
  double sum = 0;
  for (size_t i = 0; i < recording.flows.size(); ++i) {
    std::vector<double> times;
    for (const auto& round : rounds) times.push_back(round[i]);
    const double median = part(times, 0.5);
    if (median == 0) continue;
    flows.push_back(median);
    sum += median;
  }
  state.counters["flows"] = static_cast<double>(flows.size());
  state.counters["mean_us"] = sum / static_cast<double>(flows.size());
  state.counters["median_us"] = part(flows, 0.5);
  state.counters["p90_us"] = part(flows, 0.9);
}
BENCHMARK(BM_EachFlow)->Iterations(31)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weir
BENCHMARK_MAIN();
