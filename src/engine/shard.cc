// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/shard.h"

#include <algorithm>
#include <span>

#include "decode/decode.h"
#include "decode/ends_glance.h"
#include "decode/plain_ipv4.h"
#include "decode/syn_fingerprint.h"
#include "net/ip_protocol.h"

namespace weir {

namespace {

// The summary of hosts that gave way: this part of the memory, up to some 18,000 hosts.
constexpr size_t kTailShare = 64;
constexpr size_t kMaxTailBytes = size_t{4} << 20;
// Of the rest so much is for hosts, and half for flows, at most: neither can starve the other, and
// twice as many hosts as flows fit.
constexpr size_t kHostSixteenths = 9;
// What more is known of hosts, and of it their names and the like: up to a quarter of a million.
constexpr size_t kProfileShare = 16;
constexpr size_t kFactShare = 32;
constexpr size_t kMaxFactBytesOfAll = size_t{16} << 20;

// How many packets before their turn the headers of packets are fetched: far enough for memory
// that no cache holds.
constexpr size_t kHeaderLead = 24;

// Of the timeouts of flows; so much that its double is still a number of seconds.
uint32_t shortest_seconds(const IdleTimeouts& timeouts) {
  const auto shortest = std::min(
      {timeouts.flow, timeouts.flow_two_way, timeouts.flow_established, timeouts.flow_closed});
  return static_cast<uint32_t>(std::clamp<int64_t>(shortest.count(), 0, int64_t{1} << 30));
}

// The line in the middle of the headers that nearly every packet has; its neighbour comes with it.
void prefetch_headers(const PacketView& view) {
  constexpr size_t kMiddle = 32;
  // A number, because a view that is not in use points nowhere.
  __builtin_prefetch(
      reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(view.data) + kMiddle));
}

}  // namespace

Result<std::unique_ptr<Shard>> Shard::create(const ShardOptions& options, FlowSink* sink) {
  if (options.memory_bytes < kMinMemory) {
    return Error{"the memory budget is below 8 MB for each shard: give more with --memory"};
  }
  std::unique_ptr<Shard> shard(new Shard(options, sink));
  shard->settle_places();
  auto tail = HostTail::create(std::min(options.memory_bytes / kTailShare, kMaxTailBytes),
                               options.timeouts.host);
  if (!tail) return tail.error().in("summary of hosts");
  shard->tail_ = std::move(*tail);
  if (!shard->budget_->take(shard->tail_->memory_bytes() + sizeof(DistinctCount)))
    return Error{"the memory budget is too small for the summary of hosts"};
  auto facts = HostFacts::create(std::min(options.memory_bytes / kFactShare, kMaxFactBytesOfAll),
                                 shard->hash_, *shard->budget_);
  if (!facts) return facts.error().in("names of hosts");
  shard->facts_ = std::move(*facts);
  auto groups = FlowGroups::create(options.memory_bytes,
                                   options.places == nullptr ? 0 : options.places->network_count(),
                                   shard->hash_, *shard->budget_);
  if (!groups) return groups.error();
  shard->groups_ = std::move(*groups);
  // What the two tables, and what is known of payloads and hosts, take while they grow is booked in
  // the budget.
  const size_t tables = options.memory_bytes - shard->budget_->used();
  const size_t for_hosts = tables / 16 * kHostSixteenths;
  auto metadata = shard->prepare_inspection();
  if (!metadata) return metadata.error().in("inspection");
  constexpr size_t kMostSlots = SlotAllocator::kNone - SlotAllocator::kChunkSlots;
  const auto slots = [&](size_t bytes, size_t each) {
    return static_cast<uint32_t>(std::min(bytes / each, kMostSlots));
  };
  auto flows = FlowTable::create(slots(tables / 2, FlowTable::kMostBytesPerFlow), *shard->budget_,
                                 &shard->feeder_, *std::move(metadata));
  if (!flows) return flows.error().in("flow table");
  auto hosts = HostTable::create(slots(for_hosts, HostTable::kBytesPerHost), *shard->budget_,
                                 &shard->feeder_, options.memory_bytes / kProfileShare);
  if (!hosts) return hosts.error().in("host table");
  if (options.collects) {
    if (!shard->budget_->take(OriginTable::bytes()))
      return Error{"the memory budget is too small for collected flows"};
    (*flows)->keep_origins(std::make_unique<OriginTable>(shard->hash_));
  } else {
    (*flows)->tell_seconds(shard->applications_);
  }
  shard->flows_ = std::move(*flows);
  shard->hosts_ = std::move(*hosts);
  return shard;
}

Shard::Shard(const ShardOptions& options, FlowSink* sink)
    : options_(options),
      sink_(sink),
      hash_(options.secret),
      estimate_hash_(options.estimate_secret),
      shares_(hash_, options.count),
      fragments_(hash_),
      budget_(std::make_unique<MemoryBudget>(options.memory_bytes)),
      counters_(std::make_unique<ShardCounters>()),
      tally_(*counters_, series_),
      local_networks_(options.local_networks),
      shortest_timeout_(shortest_seconds(options.timeouts)),
      near_seconds_(shortest_timeout_ == 0 ? 0 : 2 * shortest_timeout_ - 1) {}

void Shard::process(const PacketBatch& batch) {
  if (options_.count > 1 && batch.count != 0) {
    shared_.read({&batch, 1}, shares_);
    process(shared_);
    return;
  }
  const StepStart start = begin_step();
  begin_work();
  see_times(batch);
  read_each(batch);
  work_on(start);
}

// A shard's own packets of several batches are worked on together: the fewer there are at a time,
// the less of their memory comes before it is needed.
void Shard::process(const SharedPackets& shared) {
  StepStart start = begin_step();
  begin_work();
  for (size_t i = 0; i < shared.batches(); ++i) {
    const SharedPackets::Times& times = shared.times(i);
    if (times.first <= times.last) see_times(shared.batch(i), times.first, times.last);
    std::span<const SharedPacket> own = shared.of(options_.index, i);
    own = own.subspan(read_shared(own));
    if (own.empty()) continue;
    work_on(start);
    start = begin_step();
    begin_work();
    widen_times(times.first, times.last);
    read_shared(own);
  }
  work_on(start);
}

void Shard::begin_work() {
  work_count_ = 0;
  resolved_ = 0;
  accounted_ = 0;
  batch_first_ = Timestamp::from_order(UINT64_MAX);
  batch_last_ = {};
}

void Shard::work_on(const StepStart& start) {
  applications_.set_clock(clock_.now().seconds);
  hash_all();
  tally_all();
  guess_all();
  resolve_all();
  account_resolved();
  tally_.publish(batch_first_, batch_last_, clock_.now().seconds);
  if (options_.archive != nullptr) take_pasts();
  sweep_in_passing();
  publish_clock();
  end_step(start, StepKind::kPlain);
}

void Shard::see_times(const PacketBatch& batch) {
  uint64_t first = UINT64_MAX;
  uint64_t last = 0;
  for (size_t i = 0; i < batch.count; ++i) {
    const uint64_t order = batch.packets[i].timestamp.order();
    first = std::min(first, order);
    last = std::max(last, order);
  }
  if (batch.count != 0) see_times(batch, Timestamp::from_order(first), Timestamp::from_order(last));
}

void Shard::see_times(const PacketBatch& batch, Timestamp first, Timestamp last) {
  widen_times(first, last);
  if (clock_.see_all(first, last)) [[likely]]
    return;
  for (size_t i = 0; i < batch.count; ++i) clock_.see(batch.packets[i].timestamp);
}

void Shard::widen_times(Timestamp first, Timestamp last) {
  batch_first_ = std::min(batch_first_, first);
  batch_last_ = std::max(batch_last_, last);
  // A whole second of slack for the fractions.
  spans_long_ = batch_last_.seconds - batch_first_.seconds + 1 > shortest_timeout_;
}

inline bool Shard::read(Work& work) {
  const PacketView& view = *work.view;
  PlainIpv4 plain;
  uint32_t offset = 0;
  if (!read_plain_ipv4(view, plain, offset)) return read_decoded(work);
  work.segment = nullptr;
  work.ip_offset = static_cast<uint8_t>(offset);
  read_plain(work, plain);
  return true;
}

inline void Shard::read_plain(Work& work, const PlainIpv4& plain) {
  make_exact_flow_key(work.key, plain.source, plain.destination, plain.ports, plain.vlan,
                      plain.vlan != 0 ? 1 : 0, plain.protocol);
  work.protocol = plain.protocol;
  work.protocol_class = protocol_class(plain.protocol);
  work.direction = local_networks_.direction_v4(plain.source, plain.destination);
  work.tcp_flags = plain.tcp_flags;
  work.tells_tcp = plain.protocol == kProtocolTcp;
  work.is_decoded = false;
}

bool Shard::read_decoded(Work& work) {
  const PacketView& view = *work.view;
  DecodedPacket& packet = decoded_[static_cast<size_t>(&work - work_.data())];
  decode(view, packet);
  work.is_decoded = true;
  if (!packet.has_ip) {
    if (options_.index == 0) count_unflowed(packet, view);
    return false;
  }
  if (packet.is_fragment) fragments_.resolve(packet, view.timestamp);
  work.key = make_flow_key(packet, hash_);
  work.protocol = packet.protocol;
  work.protocol_class = protocol_class(packet.protocol);
  work.direction = local_networks_.direction(packet.source, packet.destination);
  work.tcp_flags = packet.tcp_flags;
  work.tells_tcp = has_tcp_segment(packet);
  return true;
}

void Shard::read_each(const PacketBatch& batch) {
  for (size_t i = 0; i < kHeaderLead; ++i) prefetch_headers(batch.packets[i]);
  Work* work = work_.data();
  for (size_t i = 0; i < batch.count; ++i) {
    // Beyond the end it is one of the packets before: no harm, and no branch.
    prefetch_headers(batch.packets[(i + kHeaderLead) % kBatchSize]);
    work->view = &batch.packets[i];
    if (read(*work)) ++work;
  }
  work_count_ = static_cast<size_t>(work - work_.data());
}

size_t Shard::read_shared(std::span<const SharedPacket> own) {
  const std::span packets = own.first(std::min(own.size(), kBatchSize - work_count_));
  // Whoever read the file may have done so on another processor.
  for (const SharedPacket& packet : packets) {
    if (!packet.is_plain()) prefetch_headers(packet.view);
  }
  for (const SharedPacket& packet : packets) {
    Work& work = work_[work_count_];
    work.view = &packet.view;
    work.segment = &packet.segment;
    bool is_mine = true;
    if (packet.is_plain()) [[likely]] {
      read_plain(work, packet.plain);
    } else {
      is_mine =
          read_decoded(work) && shares_.shard_of(folded_ends(decoded(work))) == options_.index;
    }
    work_count_ += is_mine ? 1 : 0;
  }
  return packets.size();
}

// Apart from reading: a short loop keeps the multiplications of many packets under way.
void Shard::hash_all() {
  for (Work& work : std::span(work_.data(), work_count_)) {
    if (work.key.is_exact()) [[likely]]
      work.key.hash = hash_exact_key(work.key, hash_);
    work.bucket = flows_->prefetch_index(work.key);
  }
}

const DecodedPacket& Shard::decoded(Work& work) {
  DecodedPacket& packet = decoded_[static_cast<size_t>(&work - work_.data())];
  if (!work.is_decoded) decode(*work.view, packet);
  work.is_decoded = true;
  return packet;
}

void Shard::guess_all() {
  for (Work& work : std::span(work_.data(), work_count_)) {
    work.flow = flows_->guess(work.key, work.bucket);
    flows_->prefetch(work.flow);
    // Without a branch: of a flow that is not TCP the line of slot 0, which is always there.
    flows_->prefetch_tcp(work.flow * static_cast<uint32_t>(work.tells_tcp));
    if (!work.key.is_exact()) flows_->prefetch_identity(work.flow);
    work.has_host_hash = work.flow == FlowTable::kOther;
    if (!work.has_host_hash) [[likely]]
      continue;
    // It will be a new flow: what its hosts need is fetched beside the others' flows.
    hash_hosts(work);
    for (const uint64_t hash : work.host_hash) hosts_->prefetch_index(hash);
  }
}

void Shard::hash_hosts(Work& work) {
  const DecodedPacket& packet = decoded(work);
  work.host_hash = {hash_host(packet.source, packet.vlan, hash_),
                    hash_host(packet.destination, packet.vlan, hash_)};
}

inline void Shard::take_hosts(Work& work) {
  const FlowHot& hot = flows_->slot(work.flow).hot;
  const uint8_t sender = work.key.sender;
  work.sending_host = hot.host[sender].get();
  work.receiving_host = hot.host[sender ^ 1].get();
  if (work.sending_host == HostTable::kOther || work.receiving_host == HostTable::kOther)
      [[unlikely]] {
    resolved_ = static_cast<size_t>(&work - work_.data());
    rehome(work);
  }
}

void Shard::resolve_all() {
  for (Work& work : std::span(work_.data(), work_count_)) {
    if (is_plainly_alive(work)) [[likely]] {
      take_hosts(work);
    } else {
      resolved_ = static_cast<size_t>(&work - work_.data());
      resolve(work);
    }
    hosts_->prefetch_sent(work.sending_host);
    hosts_->prefetch_received(work.receiving_host);
  }
  resolved_ = work_count_;
}

// The common case at a glance: the guess is right, and nothing in the packet or in the time since
// the last one can have ended the flow.
bool Shard::is_plainly_alive(Work& work) {
  if (work.flow == FlowTable::kOther || !flows_->has_key(work.flow, work.key)) return false;
  if (!work.key.is_exact() && !flows_->matches(work.flow, work.key, decoded(work))) return false;
  const bool is_first_syn = (work.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  // Less than the shortest timeout apart, whichever is first; a number below 0 is a large one.
  const uint32_t apart = work.view->timestamp.seconds - flows_->slot(work.flow).hot.second.get() +
                         shortest_timeout_ - 1;
  return apart < near_seconds_ && !is_first_syn && !spans_long_;
}

void Shard::resolve(Work& work) {
  if (work.key.is_exact()) {
    if (work.flow == FlowTable::kOther || !flows_->has_key(work.flow, work.key))
      work.flow = flows_->find_exact(work.key);
  } else if (work.flow == FlowTable::kOther ||
             !flows_->matches(work.flow, work.key, decoded(work))) {
    work.flow = flows_->find(work.key, decoded(work));
  }
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
  } else {
    take_hosts(work);
  }
}

void Shard::open_flow(Work& work) {
  const DecodedPacket& packet = decoded(work);
  const Timestamp when = work.view->timestamp;
  if (!work.has_host_hash) hash_hosts(work);
  // Each host is held by its count of flows while room is made for the other one and for the flow.
  work.sending_host =
      host_for({packet.source, packet.vlan}, work.host_hash[0], packet.source_mac, when);
  hosts_->add_flow(work.sending_host);
  work.receiving_host =
      host_for({packet.destination, packet.vlan}, work.host_hash[1], packet.destination_mac, when);
  hosts_->add_flow(work.receiving_host);
  for (const uint32_t host : {work.sending_host, work.receiving_host})
    counters_->hosts_refused.add(host == HostTable::kOther ? 1 : 0);
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
    for (const uint32_t host : {work.sending_host, work.receiving_host}) {
      hosts_->drop_flow(host);
      hosts_->set_partial(host);
    }
    return;
  }
  begin_roles(work);
  if (const SynFingerprint syn = syn_fingerprint(packet); syn != 0)
    flows_->inspection(work.flow).syn = {static_cast<uint32_t>(syn),
                                         static_cast<uint32_t>(syn >> 32)};
  counters_->flows_by_protocol[packet.protocol].add(1);
  guess_by_rules(work.flow);
}

void Shard::end_flow(uint32_t flow, EndReason reason) {
  if (inspector_ != nullptr) conclude_inspection(flow);
  auto record = flows_->snapshot(flow, clock_.now().seconds);
  if (!record) return;
  record->end_reason = reason;
  const Traffic traffic = record->to_server + record->to_client;
  counters_->flows_ended.add(traffic);
  counters_->application_ended_to_server[record->application].add(record->to_server);
  counters_->application_ended_to_client[record->application].add(record->to_client);
  counters_->application_ended_flows[record->application].add(1);
  groups_->add(*record, places_of(flow, *record));
  if (reason == EndReason::kEvicted) counters_->flows_evicted.add(1);
  const FlowHot& hot = flows_->slot(flow).hot;
  if (hot.host[0].get() == HostTable::kOther || hot.host[1].get() == HostTable::kOther) [[unlikely]]
    settle_homeless(flow);
  end_roles(flow, *record);
  hosts_->drop_flow(hot.host[0].get());
  hosts_->drop_flow(hot.host[1].get());
  const bool is_wanted = sink_ != nullptr && sink_->wants(*record);
  if (is_wanted) flows_->add_details(flow, *record);
  flows_->remove(flow);
  if (is_wanted) sink_->accept(*record);
}

bool Shard::idle(Timestamp now) {
  const StepStart start = begin_step();
  clock_.pass(now);
  // Some 0.4 µs for each that ends.
  constexpr size_t kMostLooks = 2048;
  constexpr size_t kMostEnds = 128;
  if (options_.archive != nullptr) take_pasts();
  publish_collected();
  sweep(kMostLooks, kMostEnds);
  publish_clock();
  end_step(start, StepKind::kIdle);
  return things_ended() != start.ended;
}

void Shard::finish() {
  publish_collected();
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
