// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/shard_answers.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "query/interface_sums.h"

namespace weir {
namespace {

uint64_t most_forgotten(const HostTail& tail, uint32_t now) {
  uint64_t most = 0;
  for (size_t set = 0; set < tail.sets(); ++set) most = std::max(most, tail.floor_of_set(set, now));
  return most;
}

Value histogram_answer(const StepTimes::Histogram& histogram) {
  constexpr double kMicrosecond = 1e-3;  // of nanoseconds
  constexpr double kSecond = 1e-9;
  uint64_t steps = 0;
  Value buckets{Value::Object{}};
  for (size_t i = 0; i < StepTimes::kBuckets; ++i) {
    const uint64_t count = histogram.steps[i].read();
    if (count == 0) continue;
    steps += count;
    const bool is_last = i + 1 == StepTimes::kBuckets;
    buckets.set(is_last ? "more" : std::to_string(uint64_t{1} << i), count);
  }
  Value answer;
  answer.set("steps", steps);
  answer.set("total_s", static_cast<double>(histogram.total_ns.read()) * kSecond);
  answer.set("longest_us", static_cast<double>(histogram.longest_ns.read()) * kMicrosecond);
  answer.set("below_us", std::move(buckets));
  return answer;
}

}  // namespace

bool remembers_all_hosts(const Interface& interface) {
  return std::all_of(interface.shards().begin(), interface.shards().end(), [](const auto& shard) {
    return shard->counters().hosts_gone.read() == 0 && shard->counters().hosts_refused.read() == 0;
  });
}

HostCount count_distinct_hosts(const Interface& interface) {
  const auto& shards = interface.shards();
  if (shards.size() == 1 && remembers_all_hosts(interface))
    return {shards.front()->hosts().live(), 0};
  DistinctCount::Registers registers{};
  for (const auto& shard : shards) shard->distinct_hosts().merge_into(registers);
  const double estimate = DistinctCount::estimate(registers);
  return {static_cast<uint64_t>(std::llround(estimate)),
          static_cast<uint64_t>(std::ceil(estimate * DistinctCount::kRelativeError))};
}

Value forgotten_answer(const Interface& interface) {
  uint64_t evicted = 0;
  uint64_t refused = 0;
  uint64_t tail_hosts = 0;
  uint64_t tail_bytes = 0;
  uint64_t dropped = 0;
  uint64_t error = 0;
  Traffic other;
  uint64_t restored = 0;
  uint64_t not_archived = 0;
  Traffic earlier;
  for (const auto& shard : interface.shards()) {
    const HostTail& tail = shard->tail();
    evicted += shard->counters().hosts_evicted.read();
    refused += shard->counters().hosts_refused.read();
    tail_hosts += tail.hosts();
    tail_bytes += tail.bytes();
    dropped += tail.hosts_dropped();
    if (tail.was_used()) error += most_forgotten(tail, shard->clock_second());
    other += shard->hosts().other(0).total_sent();
    restored += shard->counters().hosts_restored.read();
    not_archived += shard->counters().hosts_not_archived.read();
    earlier += shard->counters().hosts_earlier_sent.read();
  }
  const HostCount distinct = count_distinct_hosts(interface);
  Value answer;
  answer.set("distinct_hosts", distinct.hosts);
  if (distinct.error != 0) answer.set("distinct_hosts_error", distinct.error);
  answer.set("hosts_evicted", evicted);
  answer.set("hosts_refused", refused);
  answer.set("tail_hosts", tail_hosts);
  answer.set("tail_bytes", tail_bytes);
  answer.set("dropped_hosts", dropped);
  answer.set("bytes_error", error);
  answer.set("other", traffic_answer(other));
  answer.set("restored_hosts", restored);
  answer.set("not_archived", not_archived);
  answer.set("earlier", traffic_answer(earlier));
  return answer;
}

Value inspection_answer(const Interface& interface) {
  uint64_t flows = 0;
  uint64_t refused = 0;
  uint64_t unfollowed = 0;
  uint64_t in_work = 0;
  uint64_t announced = 0;
  uint64_t thinned = 0;
  uint32_t one_in = 1;
  uint64_t packets = 0;
  uint64_t ndpi_packets = 0;
  uint64_t values = 0;
  uint64_t left_out = 0;
  uint64_t transactions = 0;
  uint64_t keys = 0;
  uint64_t evicted = 0;
  uint64_t unplaced = 0;
  for (const auto& shard : interface.shards()) {
    const Inspector* inspector = shard->inspector();
    if (inspector == nullptr) continue;
    flows += inspector->inspected_flows();
    refused += inspector->refused_flows();
    unfollowed += inspector->unfollowed_flows();
    in_work += inspector->bytes_in_work();
    announced += inspector->announced_flows();
    thinned += inspector->thinned_flows();
    one_in = std::max(one_in, inspector->one_in());
    packets += inspector->inspected_packets();
    ndpi_packets += inspector->ndpi_packets();
    values += shard->flows().metadata()->values();
    left_out += shard->flows().metadata()->left_out();
    transactions += shard->transactions()->transactions();
    keys += shard->transactions()->keys();
    evicted += shard->transactions()->keys_evicted();
    unplaced += shard->transactions()->unplaced();
  }
  Value answer;
  answer.set("flows", flows);
  answer.set("refused_flows", refused);
  answer.set("unfollowed_flows", unfollowed);
  answer.set("bytes_in_work", in_work);
  answer.set("announced_flows", announced);
  answer.set("thinned_flows", thinned);
  answer.set("one_in", uint64_t{one_in});
  answer.set("packets", packets);
  answer.set("ndpi_packets", ndpi_packets);
  answer.set("values", values);
  answer.set("flows_without_room", left_out);
  answer.set("transactions", transactions);
  answer.set("transaction_keys", keys);
  answer.set("transaction_keys_evicted", evicted);
  answer.set("transactions_without_room", unplaced);
  return answer;
}

Value profiles_answer(const Interface& interface) {
  uint64_t profiles = 0;
  uint64_t blocks = 0;
  uint64_t evicted = 0;
  uint64_t refused = 0;
  uint64_t facts = 0;
  uint64_t facts_evicted = 0;
  uint64_t facts_refused = 0;
  for (const auto& shard : interface.shards()) {
    const HostTable& hosts = shard->hosts();
    facts += shard->facts().facts();
    facts_evicted += shard->facts().evicted();
    facts_refused += shard->facts().refused();
    profiles += hosts.profiles().profiles();
    blocks += hosts.profiles().blocks();
    evicted += hosts.profiles_evicted();
    refused += hosts.profiles_refused();
  }
  Value answer;
  answer.set("profiles", profiles);
  answer.set("memory_bytes", blocks * HostProfiles::kBlockBytes);
  answer.set("evicted", evicted);
  answer.set("without_room", refused);
  answer.set("facts", facts);
  answer.set("facts_evicted", facts_evicted);
  answer.set("facts_without_room", facts_refused);
  return answer;
}

Value pauses_answer(const Interface& interface) {
  Value::Array rows;
  for (size_t i = 0; i < interface.shards().size(); ++i) {
    Value row;
    row.set("shard", uint64_t{interface.first_shard() + i});
    for (size_t k = 0; k < static_cast<size_t>(StepKind::kCount); ++k) {
      const auto kind = static_cast<StepKind>(k);
      Value histogram = histogram_answer(interface.shards()[i]->step_times().of(kind));
      if (*histogram["steps"].as<uint64_t>() > 0)
        row.set(step_kind_name(kind), std::move(histogram));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace weir
