// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/shard.h"

#include <algorithm>

#include "decode/decode.h"
#include "net/ip_protocol.h"

namespace weir {

namespace {

// The summary of hosts that gave way: this part of the memory, up to some 18,000 hosts.
constexpr size_t kTailShare = 64;
constexpr size_t kMaxTailBytes = size_t{4} << 20;

// Between the earliest and the latest packet.
std::chrono::seconds span_of(const PacketBatch& batch) {
  uint32_t first = UINT32_MAX;
  uint32_t last = 0;
  for (size_t i = 0; i < batch.count; ++i) {
    first = std::min(first, batch.packets[i].timestamp.seconds);
    last = std::max(last, batch.packets[i].timestamp.seconds);
  }
  return std::chrono::seconds(first <= last ? int64_t{last} - first + 1 : 0);
}

}  // namespace

Result<std::unique_ptr<Shard>> Shard::create(const ShardOptions& options, FlowSink* sink) {
  if (options.memory_bytes < kMinMemory) {
    return Error{"the memory budget is below 8 MB for each shard: give more with --memory"};
  }
  std::unique_ptr<Shard> shard(new Shard(options, sink));
  auto tail = HostTail::create(std::min(options.memory_bytes / kTailShare, kMaxTailBytes),
                               options.timeouts.host);
  if (!tail) return tail.error().in("summary of hosts");
  shard->tail_ = std::move(*tail);
  if (!shard->budget_->take(shard->tail_->memory_bytes() + sizeof(DistinctCount)))
    return Error{"the memory budget is too small for the summary of hosts"};
  // Half for flows, half for hosts; what the two take while they grow is booked in the budget.
  const size_t half = (options.memory_bytes - shard->budget_->used()) / 2;
  constexpr size_t kMostSlots = SlotAllocator::kNone - SlotAllocator::kChunkSlots;
  const auto slots = [&](size_t each) {
    return static_cast<uint32_t>(std::min(half / each, kMostSlots));
  };
  auto flows = FlowTable::create(slots(FlowTable::kBytesPerFlow), *shard->budget_);
  if (!flows) return flows.error().in("flow table");
  auto hosts = HostTable::create(slots(HostTable::kBytesPerHost), *shard->budget_);
  if (!hosts) return hosts.error().in("host table");
  shard->flows_ = std::move(*flows);
  shard->hosts_ = std::move(*hosts);
  return shard;
}

Shard::Shard(const ShardOptions& options, FlowSink* sink)
    : options_(options),
      sink_(sink),
      hash_(options.secret),
      fragments_(hash_),
      budget_(std::make_unique<MemoryBudget>(options.memory_bytes)),
      counters_(std::make_unique<ShardCounters>()) {}

void Shard::process(const PacketBatch& batch) {
  const StepStart start = begin_step();
  decode_all(batch);
  guess_all();
  resolve_all();
  account_resolved();
  sweep(8);
  flush_second();
  publish_clock();
  end_step(start, StepKind::kPlain);
}

void Shard::decode_all(const PacketBatch& batch) {
  work_count_ = 0;
  resolved_ = 0;
  accounted_ = 0;
  spans_long_ = span_of(batch) > shortest_timeout();
  for (size_t i = 0; i < batch.count; ++i) {
    const PacketView& view = batch.packets[i];
    Work& work = work_[work_count_];
    clock_.see(view.timestamp);
    decode(view, work.packet);
    if (!work.packet.has_ip) {
      if (options_.index == 0) count_unflowed(work.packet, view);
      continue;
    }
    if (work.packet.is_fragment) [[unlikely]]
      fragments_.resolve(work.packet, view.timestamp);
    work.key = make_flow_key(work.packet, hash_);
    if (options_.count > 1 && hash_.mix(work.key.hash) % options_.count != options_.index) continue;
    flows_->prefetch_index(work.key);
    work.view = &view;
    count_flowed(work.packet, view);
    ++work_count_;
  }
}

void Shard::guess_all() {
  for (size_t i = 0; i < work_count_; ++i) {
    Work& work = work_[i];
    work.flow = flows_->guess(work.key);
    flows_->prefetch(work.flow);
    if (work.packet.protocol == kProtocolTcp) flows_->prefetch_tcp(work.flow);
    work.has_host_hash = work.flow == FlowTable::kOther;
    if (!work.has_host_hash) continue;
    // It will be a new flow: what its hosts need is fetched beside the others' flows.
    hash_hosts(work);
    for (const uint64_t hash : work.host_hash) hosts_->prefetch_index(hash);
  }
}

void Shard::hash_hosts(Work& work) {
  work.host_hash = {hash_host(work.packet.source, work.packet.vlan, hash_),
                    hash_host(work.packet.destination, work.packet.vlan, hash_)};
}

void Shard::resolve_all() {
  for (resolved_ = 0; resolved_ < work_count_; ++resolved_) {
    Work& work = work_[resolved_];
    resolve(work);
    hosts_->prefetch_sent(work.sending_host);
    hosts_->prefetch_received(work.receiving_host);
  }
}

void Shard::resolve(Work& work) {
  const bool guessed =
      work.flow != FlowTable::kOther && flows_->matches(work.flow, work.key, work.packet);
  if (!guessed) work.flow = flows_->find(work.key, work.packet);
  if (must_account_before(work)) [[unlikely]]
    account_resolved();
  if (work.flow != FlowTable::kOther && is_over(work.flow, work)) [[unlikely]] {
    // Packets of this very batch may still be on their way to the flow, and may have kept it alive.
    account_resolved();
    if (is_over(work.flow, work)) {
      const bool is_reused =
          !is_idle(flows_->last_seen(work.flow), work.view->timestamp, flow_timeout(work.flow));
      end_flow(work.flow, is_reused ? EndReason::kReused : silence_reason(work.flow));
      work.flow = FlowTable::kOther;
    }
  }
  if (work.flow == FlowTable::kOther) {
    open_flow(work);
    return;
  }
  const FlowHot& hot = flows_->slot(work.flow).hot;
  work.sending_host = hot.host[work.key.sender].get();
  work.receiving_host = hot.host[1 - work.key.sender].get();
  if (work.sending_host == HostTable::kOther || work.receiving_host == HostTable::kOther)
      [[unlikely]]
    rehome(work);
}

void Shard::account_resolved() {
  for (; accounted_ < resolved_; ++accounted_) {
    const Work& work = work_[accounted_];
    const ProtocolClass protocol = protocol_class(work.packet.protocol);
    flows_->account(work.flow, work.key.sender, work.packet, *work.view);
    // A host outlives its flows: a time that lies ahead of all others is not believed.
    const Timestamp when = std::min(work.view->timestamp, clock_.now());
    hosts_->account_sent(work.sending_host, protocol, work.view->wire_length, when);
    hosts_->account_received(work.receiving_host, protocol, work.view->wire_length, when);
  }
}

void Shard::open_flow(Work& work) {
  const DecodedPacket& packet = work.packet;
  const Timestamp when = work.view->timestamp;
  if (!work.has_host_hash) hash_hosts(work);
  // Each host is held by its count of flows while room is made for the other one and for the flow.
  work.sending_host =
      host_for({packet.source, packet.vlan}, work.host_hash[0], packet.source_mac, when);
  hosts_->add_flow(work.sending_host);
  work.receiving_host =
      host_for({packet.destination, packet.vlan}, work.host_hash[1], packet.destination_mac, when);
  hosts_->add_flow(work.receiving_host);
  std::array<uint32_t, 2> hosts{};
  hosts[work.key.sender] = work.sending_host;
  hosts[1 - work.key.sender] = work.receiving_host;
  work.flow = flows_->create_flow(work.key, packet, when, hosts);
  if (work.flow == FlowTable::kOther) {
    account_resolved();
    if (evict_flow()) work.flow = flows_->create_flow(work.key, packet, when, hosts);
  }
  if (work.flow == FlowTable::kOther) {
    counters_->flows_refused.add(1);
    hosts_->drop_flow(work.sending_host);
    hosts_->drop_flow(work.receiving_host);
    return;
  }
  counters_->flows_by_protocol[packet.protocol].add(1);
}

void Shard::end_flow(uint32_t flow, EndReason reason) {
  auto record = flows_->snapshot(flow, clock_.now().seconds);
  if (!record) return;
  record->end_reason = reason;
  const Traffic traffic = record->to_server + record->to_client;
  counters_->flows_ended.add(traffic);
  counters_->application_ended[record->application].add(traffic);
  counters_->application_ended_flows[record->application].add(1);
  if (reason == EndReason::kEvicted) counters_->flows_evicted.add(1);
  const FlowHot& hot = flows_->slot(flow).hot;
  if (hot.host[0].get() == HostTable::kOther || hot.host[1].get() == HostTable::kOther) [[unlikely]]
    settle_homeless(flow);
  hosts_->drop_flow(hot.host[0].get());
  hosts_->drop_flow(hot.host[1].get());
  flows_->remove(flow);
  if (sink_ != nullptr) sink_->accept(*record);
}

void Shard::idle(Timestamp now) {
  const StepStart start = begin_step();
  clock_.pass(now);
  constexpr size_t kRecordsPerCall = 16384;
  sweep(kRecordsPerCall);
  publish_clock();
  end_step(start, StepKind::kIdle);
}

void Shard::finish() {
  for (uint32_t flow = flows_->next_live(0); flow != SlotAllocator::kNone;
       flow = flows_->next_live(flow + 1)) {
    end_flow(flow, is_silent(flow) ? silence_reason(flow) : EndReason::kEnd);
  }
  publish_clock();
}

void Shard::publish_clock() {
  counters_->clock_second.set(clock_.now().seconds);
  counters_->time_jumps.set(clock_.jumps());
  counters_->unresolved_fragments.set(fragments_.unresolved());
}

}  // namespace weir
