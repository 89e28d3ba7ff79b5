// SPDX-License-Identifier: GPL-3.0-or-later
// The whole packet path in memory (decode, flow, two hosts, counters) beside the same accounting
// with std::unordered_map, by the number of hosts; one flow for each pair of hosts, scrambled
// addresses, packets in random order. Read the ratio, not the figures.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <unordered_map>
#include <vector>

#include "base/keyed_hash.h"
#include "decode/decode.h"
#include "engine/flow_key.h"
#include "engine/shard.h"

namespace weir {
namespace {

constexpr size_t kFrameBytes = 64;
constexpr size_t kFrames = size_t{1} << 20;

// Ethernet, IPv4, UDP frames of `hosts` hosts, two to a flow.
std::vector<uint8_t> make_frames(uint32_t hosts) {
  constexpr std::array<uint8_t, 42> kTemplate{
      2, 0,  0,  0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,    0x45, 0,    0,    50, 0,  0, 0,
      0, 64, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03, 0xe8, 0x07, 0xd0, 0,  30, 0, 0};
  std::vector<uint8_t> frames(kFrames * kFrameBytes);
  std::mt19937 random(1);
  for (size_t i = 0; i < kFrames; ++i) {
    uint8_t* frame = &frames[i * kFrameBytes];
    std::memcpy(frame, kTemplate.data(), kTemplate.size());
    const auto pair = static_cast<uint32_t>(random() % (hosts / 2));
    for (uint32_t end = 0; end < 2; ++end) {
      // An odd factor is a bijection: exactly `hosts` addresses, far apart.
      const uint32_t address = (2 * pair + end) * 2654435761U;
      std::memcpy(frame + 26 + 4 * end, &address, sizeof(address));
    }
  }
  return frames;
}

template <typename Process>
void run_batches(benchmark::State& state, Process&& process) {
  const std::vector<uint8_t> frames = make_frames(static_cast<uint32_t>(state.range(0)));
  PacketBatch batch;
  size_t next = 0;
  for (auto iteration : state) {
    batch.clear();
    while (!batch.full()) {
      PacketView& view = batch.add();
      view = {};
      view.data = &frames[next * kFrameBytes];
      view.captured_length = view.wire_length = kFrameBytes;
      view.timestamp = {1'700'000'000, 0};
      next = (next + 1) % kFrames;
    }
    process(batch);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kBatchSize));
}

void engine(benchmark::State& state) {
  ShardOptions options;
  options.memory_bytes = size_t{2} << 30;
  options.secret = KeyedHash::random_secret();
  auto shard = Shard::create(options, nullptr);
  run_batches(state, [&](const PacketBatch& batch) { (*shard)->process(batch); });
}

// The naive way: a map of flows, a map of hosts, three look-ups a packet.
class MapEngine {
 public:
  void process(const PacketBatch& batch) {
    for (size_t i = 0; i < batch.count; ++i) {
      decode(batch.packets[i], packet_);
      const FlowKey key = make_flow_key(packet_, hash_);
      count(flows_[key.hash], batch.packets[i]);
      count(hosts_[packet_.source.v4_bits()], batch.packets[i]);
      count(hosts_[packet_.destination.v4_bits()], batch.packets[i]);
    }
  }

 private:
  struct Record {
    uint64_t packets;
    uint64_t bytes;
    std::array<uint64_t, 14> rest;  // as large as the engine's
  };
  static void count(Record& record, const PacketView& view) {
    ++record.packets;
    record.bytes += view.wire_length;
  }

  KeyedHash hash_{KeyedHash::random_secret()};
  DecodedPacket packet_;
  std::unordered_map<uint64_t, Record> flows_;
  std::unordered_map<uint32_t, Record> hosts_;
};

void unordered_map(benchmark::State& state) {
  MapEngine maps;
  run_batches(state, [&](const PacketBatch& batch) { maps.process(batch); });
}

void by_hosts(benchmark::internal::Benchmark* bench) {
  for (const int64_t hosts : {100, 10'000, 100'000, 1'000'000}) bench->Arg(hosts);
  bench->MinWarmUpTime(1.5);
}
BENCHMARK(engine)->Apply(by_hosts);
BENCHMARK(unordered_map)->Apply(by_hosts);

}  // namespace
}  // namespace weir
