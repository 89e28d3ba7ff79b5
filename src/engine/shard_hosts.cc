// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that finds hosts their records, and remembers those that have none.
#include <algorithm>

#include "engine/shard.h"

namespace weir {
namespace {

// Of so many hosts without flows the oldest gives way. More finds an older one.
constexpr int kEvictionChoice = 16;
// So many hosts are looked at for them, one line each after the other. When each of them has
// flows, as in a flood, nothing looks again in this batch.
constexpr int kEvictionLooks = 64;
// How many flows are ended, each the oldest of a few, to free a host when every host that was
// looked at has flows.
constexpr int kFlowsForAHost = 32;
// A flow of one direction that is so old is here to stay.
constexpr uint32_t kLastingSeconds = 10;

}  // namespace

uint32_t Shard::host_for(const HostKey& key, uint64_t hash, const MacAddress& mac, Timestamp when) {
  uint32_t host = hosts_->find(key, hash);
  if (host != HostTable::kOther) return host;
  distinct_hosts_.add(hash);
  host = hosts_->create_host(key, hash, mac, when);
  if (host == HostTable::kOther) {
    account_resolved();
    if (make_room_for_host()) host = hosts_->create_host(key, hash, mac, when);
  }
  if (host != HostTable::kOther) restore_host(host, key, hash);
  return host;
}

uint32_t Shard::host_if_room(const HostKey& key, uint64_t hash, const MacAddress& mac,
                             Timestamp when) {
  uint32_t host = hosts_->find(key, hash);
  if (host != HostTable::kOther) return host;
  host = hosts_->create_host(key, hash, mac, when);
  if (host != HostTable::kOther) restore_host(host, key, hash);
  return host;
}

void Shard::restore_host(uint32_t host, const HostKey& key, uint64_t hash) {
  if (tail_->was_used()) {
    const uint32_t now = clock_.now().seconds;
    const HostRecord past = options_.archive == nullptr ? tail_->recall(key, hash, now)
                                                        : tail_->recall_any(key, hash, now);
    if (past.last_seen != Timestamp{}) {
      counters_->hosts_gone_sent.take(past.total_sent());
      counters_->hosts_gone_received.take(past.total_received());
    }
    hosts_->adopt(host, past);
    if (past.last_seen != Timestamp{}) hosts_->set_partial(host);
  }
  // Parts of it may be there all the same.
  if (options_.archive != nullptr) options_.archive->ask(key);
  hosts_->set_place(host, place_of(key.address));
  hosts_->show(host);
}

uint64_t Shard::forgotten_bytes(const HostKey& key) const {
  return tail_->floor(hash_host(key.address, key.vlan, hash_), clock_second());
}

bool Shard::make_room_for_host() {
  if (evict_host()) return true;
  if (host_room_is_fruitless_) return false;
  // Each host has flows, as in a flood from random sources: the flow that would give way next
  // takes its hosts with it.
  for (int i = 0; i < kFlowsForAHost; ++i) {
    const uint32_t flow = flow_to_evict();
    if (flow == SlotAllocator::kNone) break;
    const FlowHot& hot = flows_->slot(flow).hot;
    const std::array<uint32_t, 2> ends{hot.host[0].get(), hot.host[1].get()};
    end_flow(flow, EndReason::kEvicted);
    bool is_freed = false;
    for (const uint32_t host : ends) {
      if (host == HostTable::kOther || hosts_->flows(host) != 0) continue;
      give_up_host(host);
      is_freed = true;
      if (ends[0] == ends[1]) break;
    }
    if (is_freed) return true;
  }
  host_room_is_fruitless_ = true;
  return false;
}

bool Shard::evict_host() {
  if (host_eviction_is_fruitless_) return false;
  uint32_t victim = SlotAllocator::kNone;
  int choice = 0;
  for (int look = 0; look < kEvictionLooks && choice < kEvictionChoice; ++look) {
    uint32_t host = hosts_->next_live(host_eviction_hand_);
    if (host == SlotAllocator::kNone) host = hosts_->next_live(0);
    if (host == SlotAllocator::kNone) break;
    host_eviction_hand_ = host + 1;
    if (hosts_->flows(host) != 0) continue;
    ++choice;
    if (victim == SlotAllocator::kNone || hosts_->last_seen(host) < hosts_->last_seen(victim))
      victim = host;
  }
  host_eviction_is_fruitless_ = victim == SlotAllocator::kNone;
  if (host_eviction_is_fruitless_) return false;
  give_up_host(victim);
  return true;
}

void Shard::give_up_host(uint32_t host) {
  const auto record = hosts_->snapshot(host, clock_.now().seconds);
  if (!record) return;
  remember_in_tail(*record, hosts_->hash(host));
  counters_->hosts_evicted.add(1);
  forget_host(host, *record);
}

void Shard::forget_host(uint32_t host, const HostRecord& record) {
  counters_->hosts_gone_sent.add(record.total_sent());
  counters_->hosts_gone_received.add(record.total_received());
  counters_->hosts_gone.add(1);
  hosts_->remove(host);
}

HostRecord Shard::part_of_end(uint32_t flow, size_t end) const {
  const FlowSlot& slot = flows_->slot(flow);
  const FlowIdentity& identity = flows_->identity(flow);
  const auto protocol = static_cast<size_t>(protocol_class(identity.ends.protocol));
  const auto sent_by = [&](size_t which) {
    return Traffic{slot.warm.packets_before[which].get() + slot.hot.packets[which].get(),
                   slot.hot.bytes[which].get()};
  };
  HostRecord part;
  part.key = {identity.ends.address[end], identity.ends.vlan};
  part.mac = identity.mac[end];
  part.first_seen = identity.first_seen;
  part.last_seen = std::min(flows_->last_seen(flow), clock_.now());
  part.sent[protocol] = sent_by(end);
  part.received[protocol] = sent_by(1 - end);
  return part;
}

void Shard::settle_homeless(uint32_t flow) {
  for (size_t end = 0; end < 2; ++end) {
    if (flows_->slot(flow).hot.host[end].get() != HostTable::kOther) continue;
    const HostRecord part = part_of_end(flow, end);
    const uint64_t hash = hash_host(part.key.address, part.key.vlan, hash_);
    hosts_->take_from_other(part);
    if (const uint32_t host = hosts_->find(part.key, hash); host != HostTable::kOther) {
      hosts_->adopt(host, part);
      hosts_->set_partial(host);
      continue;
    }
    counters_->hosts_gone_sent.add(part.total_sent());
    counters_->hosts_gone_received.add(part.total_received());
    remember_part_in_tail(part, hash);
  }
}

void Shard::rehome(Work& work) {
  // Once a second for each flow, and only flows that are here to stay. Others give way only to
  // established ones: a flow that may be evicted would give way to its own host.
  const bool is_new_second = work.view->timestamp.seconds > flows_->last_seen(work.flow).seconds;
  const uint8_t marks = flows_->slot(work.flow).hot.marks.get();
  const bool is_established = (marks & kMarkEstablished) != 0;
  const uint32_t age =
      work.view->timestamp.seconds - flows_->identity(work.flow).first_seen.seconds;
  if (!is_new_second || (!is_established && age < kLastingSeconds)) return;
  account_resolved();
  for (size_t end = 0; end < 2; ++end) {
    if (flows_->slot(work.flow).hot.host[end].get() != HostTable::kOther) continue;
    const HostRecord part = part_of_end(work.flow, end);
    const uint64_t hash = hash_host(part.key.address, part.key.vlan, hash_);
    const uint32_t host = is_established ? host_for(part.key, hash, part.mac, part.first_seen)
                                         : host_if_room(part.key, hash, part.mac, part.first_seen);
    if (host == HostTable::kOther) continue;
    hosts_->take_from_other(part);
    hosts_->adopt(host, part);
    hosts_->drop_flow(HostTable::kOther);
    hosts_->add_flow(host);
    flows_->set_host(work.flow, end, host);
    begin_role(work.flow, end == client_of(work.flow) ? HostRole::kClient : HostRole::kServer);
  }
  const FlowHot& hot = flows_->slot(work.flow).hot;
  work.sending_host = hot.host[work.key.sender].get();
  work.receiving_host = hot.host[1 - work.key.sender].get();
}

}  // namespace weir
