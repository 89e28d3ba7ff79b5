// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/interface_sums.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "net/ethertype.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

void add_counters(InterfaceSums& sums, const ShardCounters& counters) {
  sums.total += counters.total.read();
  sums.captured_bytes += counters.captured_bytes.read();
  const uint64_t first = counters.first_seen.read();
  if (first != 0 && (sums.first_seen == 0 || first < sums.first_seen)) sums.first_seen = first;
  sums.last_seen = std::max(sums.last_seen, counters.last_seen.read());
  sums.clock_second = std::max(sums.clock_second, counters.clock_second.read());
  sums.time_jumps = std::max(sums.time_jumps, counters.time_jumps.read());
  sums.unresolved_fragments =
      std::max(sums.unresolved_fragments, counters.unresolved_fragments.read());
  for (size_t i = 0; i < sums.by_protocol.size(); ++i) {
    sums.by_protocol[i] += counters.by_protocol[i].read();
    sums.flows_by_protocol[i] += counters.flows_by_protocol[i].read();
  }
  for (const auto& entry : counters.by_ethertype) {
    const Traffic traffic = entry.traffic.read();
    if (traffic.packets > 0) sums.by_ethertype[entry.ethertype.read()] += traffic;
  }
  sums.ethertype_overflow += counters.ethertype_overflow.read();
  for (size_t i = 0; i < sums.not_decoded.size(); ++i) {
    sums.not_decoded[i] += counters.not_decoded[i].read();
    sums.malformed[i] += counters.malformed[i].read();
  }
  sums.flows_evicted += counters.flows_evicted.read();
  sums.flows_refused += counters.flows_refused.read();
}

void add_tables(InterfaceSums& sums, const Shard& shard) {
  sums.other_flows += shard.flows().other();
  sums.tcp += shard.flows().tcp().totals();
  sums.tcp_uncounted += shard.flows().tcp().uncounted();
  sums.flows += shard.flows().live();
  sums.hosts += shard.hosts().live();
  sums.flows_total += shard.flows().created();
  sums.hosts_total += shard.hosts().created();
  sums.memory_used += shard.memory().used();
  sums.memory_limit += shard.memory().limit();
}

DropCounts drops_of(const InputStatus& input) {
  DropCounts drops;
  for (size_t place = 0; place < kDropPlaces; ++place)
    drops.packets[place] = input.drops[place].read();
  return drops;
}

// Times in seconds; what is not known (a file's thread that ended, say) stays as it was last.
void add_thread(Value& row, const InputStatus& input) {
  constexpr double kSecond = 1e9;
  row.set("thread_id", static_cast<uint64_t>(input.thread_id.read()));
  row.set("cpu_s", static_cast<double>(input.cpu_ns.read()) / kSecond);
  row.set("waiting_s", static_cast<double>(input.waiting_ns.read()) / kSecond);
  if (input.cpu.read() != 0) row.set("cpu", static_cast<uint64_t>(input.cpu.read() - 1));
}

struct Named {
  std::string name;
  Traffic traffic;
  uint64_t flows;
};

Value ranked(std::vector<Named> rows, bool with_flows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Named& a, const Named& b) {
    return a.traffic.bytes > b.traffic.bytes;
  });
  Value::Array answer;
  for (const Named& row : rows) {
    Value entry;
    entry.set("name", row.name);
    entry.set("packets", row.traffic.packets);
    entry.set("bytes", row.traffic.bytes);
    if (with_flows) entry.set("flows", row.flows);
    answer.push_back(std::move(entry));
  }
  return answer;
}

}  // namespace

InterfaceSums sum_interface(const Interface& interface) {
  InterfaceSums sums;
  for (size_t i = 0; i < interface.shards().size(); ++i) {
    add_counters(sums, interface.shards()[i]->counters());
    add_tables(sums, *interface.shards()[i]);
    const InputStatus& input = interface.input(i);
    sums.kernel_drops += input.kernel_drops.read();
    sums.interface_drops += input.interface_drops.read();
    sums.ring_freezes += input.ring_freezes.read();
    sums.fill_ring_empty += input.fill_ring_empty.read();
    sums.missing = std::max(sums.missing, input.missing.read());
    const DropCounts drops = drops_of(input);
    for (size_t place = 0; place < kDropPlaces; ++place)
      sums.drops.packets[place] += drops.packets[place];
  }
  return sums;
}

Value traffic_answer(const Traffic& traffic) {
  Value answer;
  answer.set("packets", traffic.packets);
  answer.set("bytes", traffic.bytes);
  return answer;
}

double completeness(const InterfaceSums& sums) {
  // Numbers of messages say more than drops: what the kernel dropped is missing in them.
  constexpr double kBillion = 1e9;
  if (sums.missing != 0) return 1 - sums.missing / kBillion;
  const auto seen = static_cast<double>(sums.total.packets);
  const auto lost = static_cast<double>(sums.kernel_drops + sums.interface_drops);
  return lost == 0 ? 1 : seen / (seen + lost);
}

Value drops_answer(const DropCounts& drops) {
  Value answer{Value::Object{}};
  for (size_t place = 0; place < kDropPlaces; ++place) {
    if (drops.packets[place] > 0) answer.set(kDropPlaceNames[place], drops.packets[place]);
  }
  return answer;
}

Value shards_answer(const Interface& interface) {
  Value::Array rows;
  for (size_t i = 0; i < interface.shards().size(); ++i) {
    const Shard& shard = *interface.shards()[i];
    const InputStatus& input = interface.input(i);
    Value row;
    row.set("shard", uint64_t{interface.first_shard() + i});
    const Traffic total = shard.counters().total.read();
    row.set("packets", total.packets);
    row.set("bytes", total.bytes);
    row.set("kernel_drops", input.kernel_drops.read());
    row.set("drops", drops_answer(drops_of(input)));
    row.set("flows", uint64_t{shard.flows().live()});
    row.set("hosts", uint64_t{shard.hosts().live()});
    row.set("memory_bytes", uint64_t{shard.memory().used()});
    add_thread(row, input);
    rows.push_back(std::move(row));
  }
  return rows;
}

Value protocols_answer(const InterfaceSums& sums) {
  std::vector<Named> rows;
  for (size_t i = 0; i < sums.by_protocol.size(); ++i) {
    if (sums.by_protocol[i].packets == 0) continue;
    const std::string_view name = protocol_name(static_cast<uint8_t>(i));
    rows.push_back({name.empty() ? fmt::format("IP-{}", i) : std::string(name), sums.by_protocol[i],
                    sums.flows_by_protocol[i]});
  }
  return ranked(std::move(rows), true);
}

Value ethertypes_answer(const InterfaceSums& sums) {
  std::vector<Named> rows;
  for (const auto& [ethertype, traffic] : sums.by_ethertype)
    rows.push_back({ethertype_name(ethertype), traffic, 0});
  if (sums.ethertype_overflow.packets > 0)
    rows.push_back({"other ethertypes", sums.ethertype_overflow, 0});
  return ranked(std::move(rows), false);
}

Value not_decoded_answer(const InterfaceSums& sums) {
  Value answer{Value::Object{}};
  for (size_t i = 0; i < sums.not_decoded.size(); ++i) {
    if (sums.not_decoded[i].packets > 0)
      answer.set(decode_error_name(static_cast<DecodeError>(i)), sums.not_decoded[i].packets);
  }
  return answer;
}

Value malformed_answer(const InterfaceSums& sums) {
  Value answer{Value::Object{}};
  for (size_t i = 0; i < sums.malformed.size(); ++i) {
    if (sums.malformed[i] > 0)
      answer.set(decode_error_name(static_cast<DecodeError>(i)), sums.malformed[i]);
  }
  return answer;
}

}  // namespace weir
