// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that hands hosts that are over to the archive, and takes back what it knows of
// those that speak again.
#include <utility>

#include "engine/shard.h"

namespace weir {
namespace {

// In one step: some 0.3 µs each, more for hosts with hundreds of peers.
constexpr int kMostPasts = 16;

Traffic beyond(const Traffic& whole, const Traffic& part) {
  return {whole.packets - part.packets, whole.bytes - part.bytes};
}

}  // namespace

void Shard::make_last_word(HostRecord& record) const {
  record.rate_sent = {};
  record.rate_received = {};
  record.profile.complete(record.flows_ever[0] + record.flows_ever[1], record.total_sent(),
                          record.total_received());
  add_facts(record.key, record.profile.facts);
}

std::optional<HostRecord> Shard::last_word(uint32_t slot) const {
  auto record = hosts_->full_snapshot(slot, clock_second());
  if (record) make_last_word(*record);
  return record;
}

std::optional<HostRecord> Shard::last_word_of_tail(size_t entry) const {
  auto record = tail_->any_snapshot(entry);
  if (record) make_last_word(*record);
  return record;
}

bool Shard::retire_host(uint32_t host) {
  if (options_.archive == nullptr) {
    const auto record = hosts_->snapshot(host, clock_.now().seconds);
    if (record) forget_host(host, *record);
    return true;
  }
  if (!options_.archive->has_room(HostLeaves::kIdle)) return false;
  auto record = last_word(host);
  if (!record) return true;
  forget_host(host, *record);
  archive(*std::move(record));
  return true;
}

void Shard::archive(HostRecord&& record) {
  // All that is forgotten is in hosts_gone_*.
  HostPast past{{}, record.total_sent(), record.total_received()};
  past.host = std::move(record);
  if (!options_.archive->accept(std::move(past))) counters_->hosts_not_archived.add(1);
}

void Shard::remember_in_tail(const HostRecord& record, uint64_t hash) {
  with_dropped(
      [&](HostRecord* gone) { return tail_->remember(record, hash, clock_.now().seconds, gone); });
}

void Shard::remember_part_in_tail(const HostRecord& part, uint64_t hash) {
  with_dropped([&](HostRecord* gone) {
    return tail_->remember_part(part, hash, clock_.now().seconds, gone);
  });
}

template <typename Remember>
void Shard::with_dropped(Remember&& remember) {
  if (options_.archive == nullptr) {
    (void)remember(nullptr);
    return;
  }
  // In a flood there is seldom room: then nobody looks who it was.
  std::optional<HostRecord> gone;
  if (options_.archive->has_room(HostLeaves::kDropped)) gone.emplace();
  if (!remember(gone ? &*gone : nullptr)) return;
  if (!gone) return counters_->hosts_not_archived.add(1);
  gone->is_partial = true;  // nobody knows any more what its flows were
  make_last_word(*gone);
  archive(*std::move(gone));
}

void Shard::take_pasts() {
  for (int i = 0; i < kMostPasts; ++i) {
    auto past = options_.archive->take();
    if (!past) return;
    take_past(*std::move(past));
  }
}

void Shard::take_past(HostPast&& past) {
  const HostKey& key = past.host.key;
  const uint32_t host = hosts_->find(key, hash_host(key.address, key.vlan, hash_));
  if (host == HostTable::kOther) {
    // It went again meanwhile.
    if (!options_.archive->accept(std::move(past))) counters_->hosts_not_archived.add(1);
    return;
  }
  const Traffic sent = past.host.total_sent();
  const Traffic received = past.host.total_received();
  counters_->hosts_gone_sent.take(past.counted_sent);
  counters_->hosts_gone_received.take(past.counted_received);
  counters_->hosts_earlier_sent.add(beyond(sent, past.counted_sent));
  counters_->hosts_earlier_received.add(beyond(received, past.counted_received));
  counters_->hosts_restored.add(1);
  hosts_->adopt_whole(host, past.host);
  for (const HostFact& fact : past.host.profile.facts)
    learn(key.address, key.vlan, fact.kind, fact.text);
}

}  // namespace weir
