// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>

#include "collect/collector.h"
#include "engine/shard.h"

// What benchmarks of collecting share.
namespace weir::bench {

// `take(number)` gives the collector the message of that number, of `count`, which come again and
// again; `each(collector)` is called after some, as a thread would.
template <typename Take, typename Each>
void collect_rounds(benchmark::State& state, Collector& collector, size_t count, Take&& take,
                    Each&& each) {
  constexpr int kAtOnce = 64;
  // All flows are there when the time is taken.
  for (size_t i = 0; i < count; ++i) {
    take(i);
    each(collector);
    collector.clear_flows();
  }
  size_t next = 0;
  uint64_t records = 0;
  for (auto _ : state) {
    for (int i = 0; i < kAtOnce; ++i) {
      // After a round the messages are too old to be known as repeats.
      take(next);
      next = (next + 1) % count;
    }
    records += collector.flows().size();
    each(collector);
    collector.clear_flows();
  }
  state.SetItemsProcessed(static_cast<int64_t>(records));
}

// Calls `run(each)` with what only reads flows.
template <typename Run>
void only_read(Run&& run) {
  run([](const Collector& collector) { benchmark::DoNotOptimize(collector.flows().data()); });
}

// Calls `run(each)` with what puts flows into the tables of a shard, whose time is `second`.
template <typename Run>
void into_tables(benchmark::State& state, uint32_t second, Run&& run) {
  ShardOptions options;
  options.secret = KeyedHash::random_secret();
  options.collects = true;
  options.memory_bytes = size_t{512} << 20;  // all flows have room
  auto shard = Shard::create(options, nullptr);
  if (!shard) return state.SkipWithError(shard.error().message.c_str());
  run([&](const Collector& collector) { (*shard)->collect(collector.flows(), {second, 0}); });
}

}  // namespace weir::bench
