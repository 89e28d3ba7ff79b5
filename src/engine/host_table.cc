// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_table.h"

#include <algorithm>

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

}  // namespace

Result<std::unique_ptr<HostTable>> HostTable::create(uint32_t max_hosts, MemoryBudget& budget,
                                                     PageFeeder* feeder) {
  auto index = HashIndex::create(max_hosts, budget, feeder);
  if (!index) return index.error();
  const size_t chunks = std::max<size_t>(1, max_hosts / SlotAllocator::kChunkSlots);
  auto slots = ReservedRegion::reserve(chunks * SlabArray<HostSlot>::kChunkBytes, feeder);
  if (!slots) return slots.error();
  auto cold = ReservedRegion::reserve(chunks * SlabArray<HostCold>::kChunkBytes, feeder);
  if (!cold) return cold.error();
  std::unique_ptr<HostTable> table(new HostTable(max_hosts, std::move(*index), budget));
  table->slots_ = SlabArray<HostSlot>(std::move(*slots));
  table->cold_ = SlabArray<HostCold>(std::move(*cold));
  if (table->allocate() != kOther) return Error{"the memory budget is too small for a host table"};
  return table;
}

uint32_t HostTable::find(const HostKey& key, uint64_t hash) const {
  return index_.find(hash, [&](uint32_t slot) { return cold_[slot].identity.owned().key == key; });
}

bool HostTable::open_chunk() {
  const size_t chunks = allocator_.chunks() + 1;
  return slots_.commit_chunks(chunks) && cold_.commit_chunks(chunks) && allocator_.open_chunk();
}

uint32_t HostTable::allocate() {
  uint32_t slot = allocator_.allocate();
  if (slot == SlotAllocator::kNone && open_chunk()) slot = allocator_.allocate();
  if (slot == SlotAllocator::kNone || !allocator_.is_alone(slot)) return slot;
  // The first record of a chunk pays for all of it, the last one gives it back.
  if (budget_->take(kChunkBytes)) return slot;
  allocator_.release(slot);
  return SlotAllocator::kNone;
}

void HostTable::release(uint32_t slot) {
  if (!allocator_.release(slot)) return;
  const uint32_t chunk = slot / SlotAllocator::kChunkSlots;
  slots_.discard_chunk(chunk);
  cold_.discard_chunk(chunk);
  budget_->give_back(kChunkBytes);
}

uint32_t HostTable::create_host(const HostKey& key, uint64_t hash, const MacAddress& mac,
                                Timestamp when) {
  const uint32_t slot = allocate();
  if (slot == SlotAllocator::kNone) return kOther;
  if (!index_.insert(hash, slot, hash_of())) {
    release(slot);
    return kOther;
  }
  created_.add(1);
  const auto life = static_cast<uint32_t>(created_.get());
  HostCold& cold = cold_[slot];
  cold.sequence.begin_life(life);
  cold.identity.set({key, mac, when, hash});
  cold.flows.set(0);
  cold.bytes_error.set(0);
  clear(slots_[slot].sent, life);
  clear(slots_[slot].received, life);
  cold.sequence.end();
  return slot;
}

void HostTable::show(uint32_t slot) {
  HostCold& cold = cold_[slot];
  cold.sequence.begin();
  cold.is_live.set(1);
  cold.sequence.end();
}

void HostTable::remove(uint32_t slot) {
  HostCold& cold = cold_[slot];
  index_.erase(cold.identity.owned().hash, slot, hash_of());
  cold.sequence.begin();
  cold.is_live.set(0);
  cold.sequence.end();
  release(slot);
}

void HostTable::adopt(uint32_t slot, const HostRecord& past) {
  add_totals(slots_[slot].sent, past.sent, 1);
  add_totals(slots_[slot].received, past.received, 1);
  HostCold& cold = cold_[slot];
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
  add_totals(slots_[kOther].sent, part.sent, ~uint64_t{0});
  add_totals(slots_[kOther].received, part.received, ~uint64_t{0});
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
  const HostSlot& host = slots_[slot];
  const Timestamp sent{host.sent.hot.second.get(), host.sent.hot.nanosecond.get()};
  const Timestamp received{host.received.hot.second.get(), host.received.hot.nanosecond.get()};
  return std::max(sent, received);
}

bool HostTable::copy_counters(uint32_t slot, uint32_t now, HostRecord& record) const {
  const HostSlot& host = slots_[slot];
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

std::optional<HostRecord> HostTable::snapshot(uint32_t slot, uint32_t now) const {
  const HostCold& cold = cold_[slot];
  bool is_live = false;
  bool copied = true;
  HostIdentity identity;
  HostRecord record;
  const bool ok = copy_consistently(cold.sequence, [&] {
    is_live = cold.is_live.read() != 0;
    if (!is_live) return;
    identity = cold.identity.read();
    copied = copy_counters(slot, now, record);
    record.active_flows = cold.flows.read();
    record.bytes_error = RoundedUp::value(cold.bytes_error.read());
  });
  if (!ok || !is_live || !copied) return std::nullopt;
  record.key = identity.key;
  record.mac = identity.mac;
  record.first_seen = identity.first_seen;
  // The packet that made it may not be accounted yet.
  record.last_seen = std::max(record.last_seen, identity.first_seen);
  return record;
}

std::optional<HostKey> HostTable::key(uint32_t slot) const {
  const HostCold& cold = cold_[slot];
  bool is_live = false;
  HostIdentity identity;
  const bool ok = copy_consistently(cold.sequence, [&] {
    is_live = cold.is_live.read() != 0;
    if (is_live) identity = cold.identity.read();
  });
  if (!ok || !is_live) return std::nullopt;
  return identity.key;
}

HostRecord HostTable::other(uint32_t now) const {
  HostRecord record;
  (void)copy_counters(kOther, now, record);
  return record;
}

}  // namespace weir
