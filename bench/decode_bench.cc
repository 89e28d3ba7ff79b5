// SPDX-License-Identifier: GPL-3.0-or-later
// What decode() costs a packet, beside reading the same header bytes and nothing else. 1,024
// packets of each kind lie in one packed buffer, as in a capture ring, so neither is measured on
// one hot cache line.
#include <benchmark/benchmark.h>

#include "base/byte_reader.h"
#include "decode/test_packets.h"

namespace weir {
namespace {

using namespace test_packets;

constexpr size_t kPackets = 1024;

enum class Kind { kUdp4, kTcp4, kTcp6, kVlanTcp4, kVxlan, kMixed };

Bytes make_packet(Kind kind, size_t number) {
  const auto port = static_cast<uint16_t>(1024 + number * 61 % 50'000);
  const Bytes segment = tcp(port, 443, Bytes(40));
  switch (kind) {
    case Kind::kUdp4:
      return ethernet(0x0800, ipv4(17, udp(port, 53, Bytes(40))));
    case Kind::kTcp4:
      return ethernet(0x0800, ipv4(6, segment));
    case Kind::kTcp6:
      return ethernet(0x86dd, ipv6(6, segment));
    case Kind::kVlanTcp4:
      return ethernet(0x8100, hex("0064 0800") + ipv4(6, segment));
    case Kind::kVxlan:
      return ethernet(
          0x0800,
          ipv4(17, udp(port, 4789, hex("08000000 00000100") + ethernet(0x0800, ipv4(6, segment)))));
    case Kind::kMixed:
      // A fifth IPv6, a tenth tagged, a third UDP; in no order a branch predictor could learn.
      const size_t draw = number * 2'654'435'761U % 30;
      if (draw < 6) return make_packet(Kind::kTcp6, number);
      if (draw < 9) return make_packet(Kind::kVlanTcp4, number);
      if (draw < 19) return make_packet(Kind::kUdp4, number);
      return make_packet(Kind::kTcp4, number);
  }
  return {};
}

struct Packets {
  Bytes buffer;
  std::vector<PacketView> views;

  explicit Packets(Kind kind) {
    std::vector<size_t> starts;
    for (size_t i = 0; i < kPackets; ++i) {
      starts.push_back(buffer.size());
      buffer = std::move(buffer) + make_packet(kind, i);
    }
    starts.push_back(buffer.size());
    for (size_t i = 0; i < kPackets; ++i) {
      PacketView view;
      view.data = buffer.data() + starts[i];
      view.captured_length = view.wire_length = static_cast<uint32_t>(starts[i + 1] - starts[i]);
      views.push_back(view);
    }
  }
};

void per_packet(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) *
                          static_cast<int64_t>(kPackets));
}

void decode_packets(benchmark::State& state) {
  const Packets packets(static_cast<Kind>(state.range(0)));
  DecodedPacket out;
  for (auto step : state) {
    for (const PacketView& view : packets.views) {
      decode(view, out);
      benchmark::DoNotOptimize(out);
    }
  }
  per_packet(state);
}

// The floor: every eighth byte of the first 54.
void touch_headers(benchmark::State& state) {
  const Packets packets(static_cast<Kind>(state.range(0)));
  for (auto step : state) {
    for (const PacketView& view : packets.views) {
      const ByteReader bytes(view.data, view.captured_length);
      uint64_t sum = 0;
      for (size_t offset = 0; offset < 48; offset += 8) sum += bytes.u64(offset);
      benchmark::DoNotOptimize(sum);
    }
  }
  per_packet(state);
}

void kinds(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("udp4_tcp4_tcp6_vlan_vxlan_mixed")->DenseRange(0, 5);
}
BENCHMARK(touch_headers)->Apply(kinds);
BENCHMARK(decode_packets)->Apply(kinds);

}  // namespace
}  // namespace weir
