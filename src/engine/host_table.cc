// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_table.h"

#include <algorithm>

#include "engine/peek.h"
#include "engine/rounded_up.h"
#include "engine/whole_second_rate.h"

namespace weir {
namespace {

uint64_t sum_bytes(const HostHot& hot) {
  uint64_t sum = 0;
  for (const auto& bytes : hot.bytes) sum += bytes.get();
  return sum;
}

void fold_packets(HostSide& side) {
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    side.warm.packets_before[i].add(side.hot.packets[i].get());
    side.hot.packets[i].set(0);
  }
}

void begin_second(HostSide& side, uint32_t second) {
  const bool is_next = second == side.hot.second.get() + 1;
  const uint64_t bytes = sum_bytes(side.hot);
  uint32_t packets = 0;
  for (const auto& count : side.hot.packets) packets += count.get();
  side.warm.last_bytes.set(is_next ? bytes - side.warm.bytes_before.get() : 0);
  side.hot.last_packets.set(is_next ? packets : 0);
  side.warm.bytes_before.set(bytes);
  fold_packets(side);
  side.hot.second.set(second);
}

void clear(HostSide& side, uint32_t life) {
  side.hot.sequence.begin_life(life);
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    side.hot.bytes[i].set(0);
    side.hot.packets[i].set(0);
    side.warm.packets_before[i].set(0);
  }
  side.hot.second.set(0);
  side.hot.nanosecond.set(0);
  side.hot.last_packets.set(0);
  side.warm.bytes_before.set(0);
  side.warm.last_bytes.set(0);
  side.hot.sequence.end();
}

// `sign`: 1 adds, ~0 takes away.
void add_totals(HostSide& side, const std::array<Traffic, kProtocolClasses>& totals,
                uint64_t sign) {
  side.hot.sequence.begin();
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    side.hot.bytes[i].add(totals[i].bytes * sign);
    side.warm.packets_before[i].add(totals[i].packets * sign);
    side.warm.bytes_before.add(totals[i].bytes * sign);
  }
  side.hot.sequence.end();
}

struct SideCopy {
  std::array<Traffic, kProtocolClasses> total;
  Traffic rate;
  Timestamp last_seen;
};

SideCopy copy_once(const HostSide& side, uint32_t now) {
  SideCopy copy;
  Traffic current;
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    const uint64_t packets = side.hot.packets[i].read();
    copy.total[i] = {side.warm.packets_before[i].read() + packets, side.hot.bytes[i].read()};
    current += {packets, copy.total[i].bytes};
  }
  current.bytes -= side.warm.bytes_before.read();
  copy.last_seen = {side.hot.second.read(), side.hot.nanosecond.read()};
  copy.rate = whole_second_rate(now, copy.last_seen.seconds, current,
                                {side.hot.last_packets.read(), side.warm.last_bytes.read()});
  return copy;
}

// Of the host that lives in the slot; nothing when none does. copy_more() copies what else it is to
// have.
template <typename More>
std::optional<HostIdentity> living(const HostCold& cold, More&& copy_more) {
  bool is_live = false;
  HostIdentity identity;
  const bool ok = copy_consistently(cold.sequence, [&] {
    is_live = cold.is_live.read() != 0;
    if (!is_live) return;
    identity = cold.identity.read();
    copy_more();
  });
  if (!ok || !is_live) return std::nullopt;
  return identity;
}

// What changes when flows come and go, and how much of that was forgotten.
void copy_flow_counts(const HostCold& cold, HostRecord& record) {
  record.active_flows = cold.flows.read();
  record.active_client_flows = cold.client_flows.read();
  for (size_t role = 0; role < kHostRoles; ++role)
    record.flows_ever[role] = cold.flows_ever[role].read();
  record.is_partial = cold.is_partial.read() != 0;
  record.bytes_error = RoundedUp::value(cold.bytes_error.read());
}

}  // namespace

Result<std::unique_ptr<HostTable>> HostTable::create(uint32_t max_hosts, MemoryBudget& budget,
                                                     PageFeeder* feeder, size_t profile_bytes) {
  auto index = HashIndex::create(max_hosts, budget, feeder);
  if (!index) return index.error();
  auto records = Records::reserve(max_hosts, feeder);
  if (!records) return records.error();
  auto profiles = HostProfiles::create(profile_bytes, budget, feeder);
  if (!profiles) return profiles.error();
  std::unique_ptr<HostTable> table(new HostTable(std::move(*index), std::move(*records), max_hosts,
                                                 budget, std::move(*profiles)));
  if (table->records_.allocate() != kOther)
    return Error{"the memory budget is too small for a host table"};
  return table;
}

uint32_t HostTable::find(const HostKey& key, uint64_t hash) const {
  return index_.find(hash, [&](uint32_t slot) { return cold(slot).identity.owned().key == key; });
}

uint32_t HostTable::create_host(const HostKey& key, uint64_t hash, const MacAddress& mac,
                                Timestamp when) {
  const uint32_t slot = records_.allocate();
  if (slot == Records::kNone) return kOther;
  if (!index_.insert(hash, slot, hash_of())) {
    records_.release(slot);
    return kOther;
  }
  created_.add(1);
  const auto life = static_cast<uint32_t>(created_.get());
  HostCold& cold = this->cold(slot);
  cold.sequence.begin_life(life);
  cold.identity.set({key, mac, when, hash});
  cold.flows.set(0);
  cold.bytes_error.set(0);
  cold.is_partial.set(0);
  cold.application.set(kNoApplication);
  cold.client_flows.set(0);
  cold.profile.set(HostProfiles::kNone);
  for (auto& first : cold.first) first.set(0);
  for (auto& flows : cold.flows_ever) flows.set(0);
  clear(at(slot).sent, life);
  clear(at(slot).received, life);
  cold.sequence.end();
  return slot;
}

void HostTable::show(uint32_t slot) {
  HostCold& cold = this->cold(slot);
  cold.sequence.begin();
  cold.is_live.set(1);
  cold.sequence.end();
}

void HostTable::remove(uint32_t slot) {
  HostCold& cold = this->cold(slot);
  index_.erase(cold.identity.owned().hash, slot, hash_of());
  cold.sequence.begin();
  cold.is_live.set(0);
  profiles_->end(cold.profile.get());
  cold.profile.set(HostProfiles::kNone);
  cold.sequence.end();
  records_.release(slot);
}

void HostTable::adopt(uint32_t slot, const HostRecord& past) {
  add_totals(at(slot).sent, past.sent, 1);
  add_totals(at(slot).received, past.received, 1);
  HostCold& cold = this->cold(slot);
  HostIdentity identity = cold.identity.owned();
  const bool is_older = past.first_seen != Timestamp{} && past.first_seen < identity.first_seen;
  if (!is_older && past.bytes_error == 0) return;
  cold.sequence.begin();
  if (is_older) {
    identity.first_seen = past.first_seen;
    cold.identity.set(identity);
  }
  cold.bytes_error.set(RoundedUp::of(RoundedUp::value(cold.bytes_error.get()) + past.bytes_error));
  cold.sequence.end();
}

void HostTable::take_from_other(const HostRecord& part) {
  add_totals(at(kOther).sent, part.sent, ~uint64_t{0});
  add_totals(at(kOther).received, part.received, ~uint64_t{0});
}

void HostTable::enter_second(HostSide& side, Timestamp when) {
  if (when.seconds < side.hot.second.get()) return;  // late
  begin_second(side, when.seconds);
  side.hot.nanosecond.set(when.nanoseconds);
}

void HostTable::fold(HostSide& side) {
  fold_packets(side);
}

Timestamp HostTable::last_seen(uint32_t slot) const {
  const HostSlot& host = this->slot(slot);
  const Timestamp sent{host.sent.hot.second.get(), host.sent.hot.nanosecond.get()};
  const Timestamp received{host.received.hot.second.get(), host.received.hot.nanosecond.get()};
  return std::max(sent, received);
}

bool HostTable::copy_counters(uint32_t slot, uint32_t now, HostRecord& record) const {
  const HostSlot& host = this->slot(slot);
  SideCopy sent;
  SideCopy received;
  if (!copy_consistently(host.sent.hot.sequence, [&] { sent = copy_once(host.sent, now); }))
    return false;
  if (!copy_consistently(host.received.hot.sequence,
                         [&] { received = copy_once(host.received, now); }))
    return false;
  record.sent = sent.total;
  record.received = received.total;
  record.rate_sent = sent.rate;
  record.rate_received = received.rate;
  record.last_seen = std::max(sent.last_seen, received.last_seen);
  return true;
}

template <typename More>
bool HostTable::read_with(uint32_t slot, uint32_t now, HostRecord& record, More&& copy_more) const {
  const HostCold& cold = this->cold(slot);
  bool is_live = false;
  bool copied = true;
  HostIdentity identity;
  const bool ok = copy_consistently(cold.sequence, [&] {
    is_live = cold.is_live.read() != 0;
    if (!is_live) return;
    identity = cold.identity.read();
    copy_more(cold);
    copy_flow_counts(cold, record);
    copied = copy_counters(slot, now, record);
  });
  if (!ok || !is_live || !copied) return false;
  record.key = identity.key;
  record.mac = identity.mac;
  record.first_seen = identity.first_seen;
  // The packet that made it may not be accounted yet.
  record.last_seen = std::max(record.last_seen, identity.first_seen);
  return true;
}

bool HostTable::identify(uint32_t slot, HostRecord& record, Place& place) const {
  const HostCold& cold = this->cold(slot);
  const auto identity = living(cold, [&] {
    place = this->place(slot);
    copy_flow_counts(cold, record);
  });
  if (!identity) return false;
  record.key = identity->key;
  record.mac = identity->mac;
  record.first_seen = identity->first_seen;
  return true;
}

bool HostTable::read_set(uint32_t slot, HostSet which, HostRecord& record) const {
  const HostCold& cold = this->cold(slot);
  const auto index = static_cast<size_t>(which);
  DistinctSet& set = record.profile.sets[index];
  bool is_live = false;
  const bool ok = copy_consistently(cold.sequence, [&] {
    set.clear();
    is_live = cold.is_live.read() != 0;
    if (!is_live) return;
    record.key = cold.identity.read().key;
    if (const uint32_t first = cold.first[index].read(); first != 0) set.add(first);
    profiles_->read_set(cold.profile.read(), which, set);
  });
  return ok && is_live;
}

bool HostTable::glance(uint32_t slot, uint32_t now, HostRecord& record) const {
  Place place;
  if (!identify(slot, record, place)) return false;
  const HostSlot& host = this->slot(slot);
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    record.sent[i].bytes = host.sent.hot.bytes[i].read();
    record.received[i].bytes = host.received.hot.bytes[i].read();
  }
  record.rate_sent.bytes = peek_rate(host.sent, now);
  record.rate_received.bytes = peek_rate(host.received, now);
  return true;
}

bool HostTable::read(uint32_t slot, uint32_t now, HostRecord& record) const {
  return read_with(slot, now, record, [](const HostCold&) {});
}

std::optional<HostRecord> HostTable::snapshot(uint32_t slot, uint32_t now) const {
  std::optional<HostRecord> record(std::in_place);
  if (!read(slot, now, *record)) record.reset();
  return record;
}

std::optional<HostRecord> HostTable::full_snapshot(uint32_t slot, uint32_t now) const {
  std::optional<HostRecord> record(std::in_place);
  HostProfile& profile = record->profile;
  const bool is_read = read_with(slot, now, *record, [&](const HostCold& cold) {
    profile = {};
    profile.rest_application = cold.application.read();
    for (size_t i = 0; i < kHostSets; ++i) {
      if (const uint32_t first = cold.first[i].read(); first != 0) profile.sets[i].add(first);
    }
    profiles_->read(cold.profile.read(), profile);
  });
  if (!is_read) record.reset();
  return record;
}

std::optional<HostKey> HostTable::key(uint32_t slot) const {
  const auto identity = living(cold(slot), [] {});
  if (!identity) return std::nullopt;
  return identity->key;
}

HostRecord HostTable::other(uint32_t now) const {
  HostRecord record;
  (void)copy_counters(kOther, now, record);
  return record;
}

}  // namespace weir
