// SPDX-License-Identifier: GPL-3.0-or-later
// Flow records a second on one core: read by their template, and on into the live tables with
// flows, hosts and applications; beside the naive way, which looks each field up by its name in a
// map and sums flows in another.
#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

#include "collect/collector.h"
#include "collect_rounds.h"
#include "engine/shard.h"

namespace weir {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint16_t kTemplate = 256;
constexpr size_t kRecords = 28;  // a datagram, as many as fit in 1,500 bytes
constexpr uint32_t kSecond = 1'700'000'000;
constexpr int64_t kNow = int64_t{kSecond} * 1'000'000'000;

// What softflowd and most routers send: addresses, ports, protocol, flags, counters, times,
// interfaces.
struct Field {
  uint16_t id;
  uint16_t length;
  const char* name;
};
constexpr Field kFields[] = {
    {8, 4, "source"},   {12, 4, "destination"}, {22, 4, "first"},   {21, 4, "last"},
    {1, 4, "octets"},   {2, 4, "packets"},      {10, 4, "input"},   {14, 4, "output"},
    {7, 2, "sport"},    {11, 2, "dport"},       {4, 1, "protocol"}, {6, 1, "flags"},
    {60, 1, "version"}, {5, 1, "tos"},          {32, 2, "icmp"},    {58, 2, "vlan"}};

void put(Bytes& bytes, uint64_t value, size_t length) {
  for (size_t i = length; i > 0; --i) bytes.push_back(static_cast<uint8_t>(value >> 8 * (i - 1)));
}

void set_length(Bytes& bytes, size_t at, size_t length) {
  bytes[at] = static_cast<uint8_t>(length >> 8);
  bytes[at + 1] = static_cast<uint8_t>(length);
}

Bytes header(uint16_t version, uint32_t sequence) {
  Bytes bytes;
  put(bytes, version, 2);
  put(bytes, 0, 2);
  if (version == 9) put(bytes, 100'000, 4);
  put(bytes, kSecond, 4);
  put(bytes, sequence, 4);
  put(bytes, 0, 4);
  return bytes;
}

Bytes template_message(uint16_t version) {
  Bytes bytes = header(version, 0);
  put(bytes, version == 9 ? 0 : 2, 2);
  put(bytes, 8 + 4 * std::size(kFields), 2);
  put(bytes, kTemplate, 2);
  put(bytes, std::size(kFields), 2);
  for (const Field& field : kFields) {
    put(bytes, field.id, 2);
    put(bytes, field.length, 2);
  }
  if (version == 10) set_length(bytes, 2, bytes.size());
  return bytes;
}

Bytes data_message(uint16_t version, uint32_t number, uint32_t flows) {
  Bytes bytes = header(version, version == 9 ? number : number * kRecords);
  const size_t set = bytes.size();
  put(bytes, kTemplate, 2);
  put(bytes, 0, 2);
  for (uint32_t i = 0; i < kRecords; ++i) {
    const uint32_t flow = (number * uint32_t{kRecords} + i) * 2654435761U % flows;
    for (const Field& field : kFields) {
      switch (field.id) {
        case 8:
          put(bytes, 0x0a000000 + flow % 4096, 4);
          break;
        case 12:
          put(bytes, 0x0b000000 + flow / 16, 4);
          break;
        case 22:
          put(bytes, 95'000, 4);
          break;
        case 21:
          put(bytes, 99'000, 4);
          break;
        case 7:
          put(bytes, 1024 + flow % 50'000, 2);
          break;
        case 11:
          put(bytes, 443, 2);
          break;
        case 4:
          put(bytes, 6, 1);
          break;
        case 58:
          put(bytes, 0, 2);
          break;
        default:
          put(bytes, 100 + field.id, field.length);
      }
    }
  }
  set_length(bytes, set + 2, bytes.size() - set);
  if (version == 10) set_length(bytes, 2, bytes.size());
  return bytes;
}

std::vector<Bytes> messages(uint16_t version, uint32_t flows) {
  std::vector<Bytes> all;
  for (uint32_t i = 0; i < 4096; ++i) all.push_back(data_message(version, i + 1, flows));
  return all;
}

const ExportPeer kPeer{*IpAddress::parse("192.0.2.1"), 2055};

// `each(collector)` is called after some datagrams, as a thread would.
template <typename Each>
void run(benchmark::State& state, Each&& each) {
  const auto version = static_cast<uint16_t>(state.range(0));
  const std::vector<Bytes> sent = messages(version, static_cast<uint32_t>(state.range(1)));
  Collector collector({.secret = KeyedHash::random_secret()});
  (void)collector.take(template_message(version), kPeer, kNow);
  const auto take = [&](size_t number) { (void)collector.take(sent[number], kPeer, kNow); };
  bench::collect_rounds(state, collector, sent.size(), take, each);
}

void read_records(benchmark::State& state) {
  bench::only_read([&](auto&& each) { run(state, each); });
}

void into_tables(benchmark::State& state) {
  bench::into_tables(state, kSecond, [&](auto&& each) { run(state, each); });
}

// A map of names to values for each record, and a map of flows by text.
void naive(benchmark::State& state) {
  const auto version = static_cast<uint16_t>(state.range(0));
  const std::vector<Bytes> sent = messages(version, static_cast<uint32_t>(state.range(1)));
  std::map<std::string, std::pair<uint64_t, uint64_t>> flows;
  std::map<std::string, std::pair<uint64_t, uint64_t>> hosts;
  size_t next = 0;
  uint64_t records = 0;
  const size_t head = version == 9 ? 24 : 20;
  for (auto _ : state) {
    const Bytes& message = sent[next];
    next = (next + 1) % sent.size();
    for (size_t at = head; at < message.size();) {
      std::map<std::string, uint64_t> record;
      for (const Field& field : kFields) {
        uint64_t value = 0;
        for (size_t i = 0; i < field.length; ++i) value = value << 8 | message[at++];
        record[field.name] = value;
      }
      std::string key;
      for (const char* name : {"source", "destination", "sport", "dport", "protocol"})
        key += std::to_string(record[name]) + " ";
      for (auto* sums : {&flows[key], &hosts[std::to_string(record["source"])],
                         &hosts[std::to_string(record["destination"])]}) {
        sums->first += record["packets"];
        sums->second += record["octets"];
      }
      ++records;
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(records));
}

BENCHMARK(read_records)->Args({9, 10'000})->Args({10, 10'000});
BENCHMARK(into_tables)->Args({9, 10'000})->Args({10, 10'000})->Args({10, 100'000});
BENCHMARK(naive)->Args({9, 10'000})->Args({10, 100'000});

}  // namespace
}  // namespace weir
