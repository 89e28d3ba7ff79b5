// SPDX-License-Identifier: GPL-3.0-or-later
// Flow records a second on one core that come in ntop's framing, 32 to a message: JSON with names,
// JSON with numbers, TLV; read alone, and on into the live tables. The socket, and what CURVE
// costs, are not in it.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include <fmt/format.h>

#include "collect/collector.h"
#include "collect_rounds.h"
#include "engine/shard.h"

namespace weir {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr int64_t kNow = int64_t{1'700'000'000} * 1'000'000'000;
constexpr uint32_t kRecords = 32;
constexpr uint32_t kMessages = 2048;

enum Form : int { kNames, kNumbers, kTlv };

struct Flow {
  uint32_t number;
  [[nodiscard]] uint32_t source() const { return 0x0a000000 + number % 4096; }
  [[nodiscard]] uint32_t destination() const { return 0x0b000000 + number / 16; }
  [[nodiscard]] uint32_t port() const { return 1024 + number % 50'000; }
};
std::string address(uint32_t v4) {
  return fmt::format("{}.{}.{}.{}", v4 >> 24, v4 >> 16 & 255, v4 >> 8 & 255, v4 & 255);
}

struct Column {
  const char* name;
  uint8_t id;
};
constexpr Column kColumns[] = {
    {"IPV4_SRC_ADDR", 8},  {"IPV4_DST_ADDR", 12}, {"IPV4_NEXT_HOP", 15}, {"INPUT_SNMP", 10},
    {"OUTPUT_SNMP", 14},   {"IN_PKTS", 2},        {"IN_BYTES", 1},       {"FIRST_SWITCHED", 22},
    {"LAST_SWITCHED", 21}, {"L4_SRC_PORT", 7},    {"L4_DST_PORT", 11},   {"TCP_FLAGS", 6},
    {"PROTOCOL", 4},       {"SRC_TOS", 5},        {"SRC_AS", 16},        {"DST_AS", 17},
};

std::string value_of(const Column& column, const Flow& flow) {
  switch (column.id) {
    case 8:
      return address(flow.source());
    case 12:
      return address(flow.destination());
    case 15:
      return "0.0.0.0";
    case 22:
      return "1699999995";
    case 21:
      return "1699999999";
    case 7:
      return fmt::format("{}", flow.port());
    case 11:
      return "443";
    case 4:
      return "6";
    case 1:
      return fmt::format("{}", 1000 + flow.number);
    default:
      return fmt::format("{}", column.id);
  }
}

bool is_text(const Column& column) {
  return column.id == 8 || column.id == 12 || column.id == 15;
}

void add_json(std::string& out, Form form, const Flow& flow) {
  out += '{';
  for (const Column& column : kColumns) {
    const std::string value = value_of(column, flow);
    out += form == kNames ? fmt::format("\"{}\":", column.name) : fmt::format("\"{}\":", column.id);
    out += is_text(column) ? "\"" + value + "\"" : value;
    out += ',';
  }
  out.back() = '}';
}

void add_tlv(std::string& out, const Flow& flow) {
  for (const Column& column : kColumns) {
    const std::string value = value_of(column, flow);
    const bool as_text = is_text(column);
    out += as_text ? '\x2b' : '\x24';
    out += static_cast<char>(column.id);
    if (as_text) {
      out += '\0';
      out += static_cast<char>(value.size());
      out += value;
    } else {
      const auto number = static_cast<uint32_t>(std::stoul(value));
      for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
    }
  }
  out += '\1';
}

Bytes message(Form form, uint32_t number, uint32_t flows) {
  std::string out = form == kTlv ? std::string("\1\1") : "[";
  for (uint32_t i = 0; i < kRecords; ++i) {
    const Flow flow{(number * kRecords + i) * 2654435761U % flows};
    if (form == kTlv) {
      add_tlv(out, flow);
    } else {
      add_json(out, form, flow);
      out += i + 1 < kRecords ? ',' : ']';
    }
  }
  return {out.begin(), out.end()};
}

template <typename Each>
void run(benchmark::State& state, Each&& each) {
  const auto form = static_cast<Form>(state.range(0));
  std::vector<Bytes> sent;
  size_t bytes = 0;
  for (uint32_t i = 0; i < kMessages; ++i) {
    sent.push_back(message(form, i, static_cast<uint32_t>(state.range(1))));
    bytes += sent.back().size();
  }
  Collector collector({.secret = KeyedHash::random_secret()});
  NtopHeaderBytes header = make_ntop_header("flow", 1, 0, 0);
  if (form == kTlv) header[16] = 3;
  const auto take = [&](size_t number) {
    (void)collector.take({sent[number], {}, ExportTransport::kZeroMq, header}, kNow);
  };
  bench::collect_rounds(state, collector, sent.size(), take, each);
  state.counters["bytes_a_record"] =
      static_cast<double>(bytes) / static_cast<double>(kMessages * kRecords);
}

void read_ntop(benchmark::State& state) {
  bench::only_read([&](auto&& each) { run(state, each); });
}

void ntop_into_tables(benchmark::State& state) {
  bench::into_tables(state, 1'700'000'000, [&](auto&& each) { run(state, each); });
}

BENCHMARK(read_ntop)->Args({kNames, 10'000})->Args({kNumbers, 10'000})->Args({kTlv, 10'000});
BENCHMARK(ntop_into_tables)->Args({kNames, 10'000})->Args({kNumbers, 10'000})->Args({kTlv, 10'000});

}  // namespace
}  // namespace weir
