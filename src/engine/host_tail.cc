// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_tail.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

uint64_t bytes_of(const HostRecord& record) {
  return record.total_sent().bytes + record.total_received().bytes;
}

void add_part(HostRecord& host, const HostRecord& part) {
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    host.sent[i] += part.sent[i];
    host.received[i] += part.received[i];
  }
  host.first_seen = std::min(host.first_seen, part.first_seen);
  host.last_seen = std::max(host.last_seen, part.last_seen);
}

}  // namespace

Result<std::unique_ptr<HostTail>> HostTail::create(size_t bytes,
                                                   std::chrono::seconds host_timeout) {
  constexpr size_t kSetBytes = sizeof(Set) + kWays * sizeof(Entry);
  const size_t count = std::max<size_t>(1, bytes / kSetBytes);
  auto sets = ReservedRegion::reserve(count * sizeof(Set));
  if (!sets) return sets.error();
  auto entries = ReservedRegion::reserve(count * kWays * sizeof(Entry));
  if (!entries) return entries.error();
  if (!sets->commit(count * sizeof(Set)) || !entries->commit(count * kWays * sizeof(Entry)))
    return Error{"no memory for the summary of forgotten hosts"};
  return std::unique_ptr<HostTail>(
      new HostTail(std::move(*sets), std::move(*entries), count, host_timeout));
}

size_t HostTail::set_of(uint64_t hash) const {
  __extension__ using Wide = unsigned __int128;
  return static_cast<size_t>(static_cast<Wide>(hash) * set_count_ >> 64);
}

uint32_t HostTail::epoch_of(uint32_t second) const {
  if (host_timeout_ == kNever || host_timeout_.count() <= 0) return 0;
  return static_cast<uint32_t>(second / host_timeout_.count());
}

void HostTail::move_to_epoch(Set& set, uint32_t now) const {
  const uint32_t epoch = epoch_of(now);
  const uint32_t was = set.epoch.get();
  if (epoch == was) return;
  // A clock that was set back leaves both floors standing for one epoch more.
  const uint64_t before = epoch < was        ? std::max(set.floor.get(), set.floor_before.get())
                          : epoch == was + 1 ? set.floor.get()
                                             : 0;
  set.floors_sequence.begin();
  set.floor_before.set(before);
  set.floor.set(0);
  set.epoch.set(epoch);
  set.floors_sequence.end();
}

void HostTail::raise_floor(Set& set, uint64_t bytes) {
  if (bytes <= set.floor.get()) return;
  set.floors_sequence.begin();
  set.floor.set(bytes);
  set.floors_sequence.end();
}

uint64_t HostTail::floor_of_set(size_t index, uint32_t now) const {
  const Set& its = set(index);
  uint64_t floor = 0;
  uint64_t before = 0;
  uint32_t was = 0;
  const bool ok = copy_consistently(its.floors_sequence, [&] {
    floor = its.floor.read();
    before = its.floor_before.read();
    was = its.epoch.read();
  });
  const uint32_t epoch = epoch_of(now);
  // In the middle of a change that does not end the larger of the two is a bound all the same: the
  // one before is written before the running one goes to zero.
  if (!ok || epoch <= was) return std::max(floor, before);
  return epoch == was + 1 ? floor : 0;
}

bool HostTail::is_over(uint32_t last_second, uint32_t now) const {
  return host_timeout_ != kNever && int64_t{now} - last_second > host_timeout_.count();
}

size_t HostTail::way_to_give(const Set& set, uint32_t now) const {
  size_t lightest = 0;
  for (size_t way = 0; way < kWays; ++way) {
    if (set.weight[way] == 0 || is_over(set.last_second[way], now)) return way;
    if (set.weight[way] < set.weight[lightest]) lightest = way;
  }
  return lightest;
}

HostRecord HostTail::record_of(const Past& past) {
  HostRecord record;
  record.key = past.key;
  record.mac = past.mac;
  record.first_seen = past.first_seen;
  record.last_seen = past.last_seen;
  record.sent = past.sent;
  record.received = past.received;
  record.bytes_error = past.bytes_error;
  record.is_partial = true;
  return record;
}

bool HostTail::remember(const HostRecord& record, uint64_t hash, uint32_t now, HostRecord* gone) {
  was_used_.set(1);
  const size_t index = set_of(hash);
  Set& its = set(index);
  move_to_epoch(its, now);
  const uint64_t most = bytes_of(record) + record.bytes_error;
  const size_t way = way_to_give(its, now);
  if (its.weight[way] != 0 && !is_over(its.last_second[way], now)) {
    // One of nine is forgotten: the lightest. No host the set lets go of had more than the floor.
    const uint64_t lightest = its.weight[way] - 1;
    raise_floor(its, std::min(lightest, most));
    hosts_dropped_.add(1);
    if (most <= lightest) {
      if (gone != nullptr) *gone = record;
      return true;
    }
  }
  const bool has_gone = its.weight[way] != 0;
  if (has_gone && gone != nullptr) *gone = record_of(entry(index * kWays + way).past.owned());
  free(index, way);
  fill(index, way, record, hash, most + 1);
  return has_gone;
}

bool HostTail::remember_part(const HostRecord& part, uint64_t hash, uint32_t now,
                             HostRecord* gone) {
  HostRecord host = recall(part.key, hash, now);
  const bool is_known = host.last_seen != Timestamp{};
  if (is_known) {
    add_part(host, part);
    return remember(host, hash, now, gone);
  }
  HostRecord fresh = part;
  fresh.bytes_error = host.bytes_error;
  return remember(fresh, hash, now, gone);
}

HostRecord HostTail::take_out(const HostKey& key, uint64_t hash, uint32_t now,
                              bool also_after_its_life) {
  HostRecord record;
  record.key = key;
  const size_t index = set_of(hash);
  Set& its = set(index);
  for (size_t way = 0; way < kWays; ++way) {
    if (its.weight[way] == 0 || its.hash[way] != hash) continue;
    const Past& past = entry(index * kWays + way).past.owned();
    if (past.key != key) continue;
    const bool is_new_life = is_over(its.last_second[way], now);
    if (!is_new_life || also_after_its_life) {
      record.mac = past.mac;
      record.first_seen = past.first_seen;
      record.last_seen = past.last_seen;
      record.sent = past.sent;
      record.received = past.received;
      record.bytes_error = past.bytes_error;
    }
    free(index, way);
    return record;
  }
  record.bytes_error = floor(hash, now);
  return record;
}

void HostTail::fill(size_t index, size_t way, const HostRecord& record, uint64_t hash,
                    uint64_t weight) {
  Set& its = set(index);
  its.hash[way] = hash;
  its.weight[way] = weight;
  its.last_second[way] = record.last_seen.seconds;
  Entry& place = entry(index * kWays + way);
  place.sequence.begin();
  place.past.set({record.key, record.mac, record.first_seen, record.last_seen, record.sent,
                  record.received, record.bytes_error});
  place.is_used.set(1);
  place.sequence.end();
  hosts_.add(1);
  bytes_.add(bytes_of(record));
}

void HostTail::free(size_t index, size_t way) {
  Set& its = set(index);
  if (its.weight[way] == 0) return;
  Entry& place = entry(index * kWays + way);
  bytes_.add(uint64_t{0} - (its.weight[way] - 1 - place.past.owned().bytes_error));
  hosts_.add(UINT64_MAX);
  its.weight[way] = 0;
  place.sequence.begin();
  place.is_used.set(0);
  place.sequence.end();
}

std::optional<HostRecord> HostTail::snapshot(size_t index, uint32_t now) const {
  auto record = any_snapshot(index);
  if (record && is_over(record->last_seen.seconds, now)) record.reset();
  return record;
}

std::optional<HostRecord> HostTail::any_snapshot(size_t index) const {
  const Entry& place = entry(index);
  bool is_used = false;
  Past past{};
  const bool ok = copy_consistently(place.sequence, [&] {
    is_used = place.is_used.read() != 0;
    if (is_used) past = place.past.read();
  });
  if (!ok || !is_used) return std::nullopt;
  return record_of(past);
}

}  // namespace weir
