// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a capture file: weir against libpcap, over the same generated file.
#include <benchmark/benchmark.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "capture/capture_file.h"

namespace weir {
namespace {

constexpr uint64_t kFileBytes = 256U << 20;

// A pcap file of packets of `packet_bytes`, made once a size and removed at the end.
class GeneratedFile {
 public:
  explicit GeneratedFile(uint32_t packet_bytes) : path_("/tmp/weir-capture-bench-XXXXXX") {
    ::close(::mkstemp(path_.data()));
    std::ofstream out(path_, std::ios::binary);
    write(out, {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1});
    const std::string data(packet_bytes, 'x');
    const auto packets = static_cast<uint32_t>(kFileBytes / (packet_bytes + 16));
    for (uint32_t i = 0; i < packets; ++i) {
      write(out, {i / 1000, i % 1000, packet_bytes, packet_bytes});
      out << data;
    }
  }
  GeneratedFile(const GeneratedFile&) = delete;
  GeneratedFile& operator=(const GeneratedFile&) = delete;
  ~GeneratedFile() { ::unlink(path_.c_str()); }

  static const std::string& of(int64_t packet_bytes) {
    static std::map<int64_t, std::unique_ptr<GeneratedFile>> files;
    auto& file = files[packet_bytes];
    if (!file) file = std::make_unique<GeneratedFile>(static_cast<uint32_t>(packet_bytes));
    return file->path_;
  }

 private:
  static void write(std::ofstream& out, std::initializer_list<uint32_t> numbers) {
    for (const uint32_t number : numbers)
      out.write(reinterpret_cast<const char*>(&number), sizeof number);
  }
  std::string path_;
};

struct Totals {
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

// Both readers touch the first byte of each packet, as whoever decodes it would.
Totals read_file(const std::string& path) {
  Totals totals;
  PacketBatch batch;
  auto source = open_capture_file(path);
  while ((*source)->poll(batch, {}) == PollStatus::kPackets) {
    for (size_t i = 0; i < batch.count; ++i) {
      totals.bytes += batch.packets[i].wire_length + (*batch.packets[i].data & 1U);
    }
    totals.packets += batch.count;
  }
  return totals;
}

Totals read_libpcap(const std::string& path) {
  Totals totals;
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  pcap_t* const pcap = ::pcap_open_offline(path.c_str(), message.data());
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (::pcap_next_ex(pcap, &header, &data) == 1) {
    totals.bytes += header->len + (*data & 1U);
    ++totals.packets;
  }
  ::pcap_close(pcap);
  return totals;
}

void count(benchmark::State& state, const Totals& totals) {
  benchmark::DoNotOptimize(totals.bytes);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(totals.packets));
}

void Weir(benchmark::State& state) {
  const std::string& path = GeneratedFile::of(state.range(0));
  Totals totals;
  for (auto _ : state) totals = read_file(path);
  count(state, totals);
}

void Libpcap(benchmark::State& state) {
  const std::string& path = GeneratedFile::of(state.range(0));
  Totals totals;
  for (auto _ : state) totals = read_libpcap(path);
  count(state, totals);
}

// One after the other in the same iteration, so that a neighbour on the core slows both: the
// counter is libpcap's time over ours.
void Ratio(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  const std::string& path = GeneratedFile::of(state.range(0));
  Clock::duration ours{};
  Clock::duration libpcap{};
  for (auto _ : state) {
    const auto start = Clock::now();
    benchmark::DoNotOptimize(read_file(path));
    const auto middle = Clock::now();
    benchmark::DoNotOptimize(read_libpcap(path));
    ours += middle - start;
    libpcap += Clock::now() - middle;
  }
  state.counters["times_faster"] =
      static_cast<double>(libpcap.count()) / static_cast<double>(ours.count());
}

BENCHMARK(Weir)->Arg(64)->Arg(512)->Arg(1500)->Unit(benchmark::kMillisecond);
BENCHMARK(Libpcap)->Arg(64)->Arg(512)->Arg(1500)->Unit(benchmark::kMillisecond);
BENCHMARK(Ratio)->Arg(64)->Arg(512)->Arg(1500)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weir
