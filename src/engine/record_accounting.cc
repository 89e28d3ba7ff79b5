// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of FlowTable and HostTable that account flow records: many packets of many seconds at
// once.
#include <algorithm>
#include <array>

#include "engine/flow_table.h"
#include "engine/host_table.h"
#include "engine/tcp_state.h"

namespace weir {
namespace {

// Packets of one second that the cells of a hot line hold with room to spare; more are in the
// totals, not in the rates.
constexpr uint64_t kMostOfASecond = uint64_t{1} << 30;

// Calls add(second, traffic) for all of the seconds before the last two together, under the second
// before those, then for each of the two: what is known of rates are two seconds.
template <typename Add>
void visit_parts(const TrafficSpread& spread, Add&& add) {
  const uint32_t last = spread.last_second();
  const uint32_t first = spread.first_second();
  if (last - first > 1) add(last - 2, spread.before(last - 1));
  if (last != first) add(last - 1, spread.at(last - 1));
  add(last, spread.at(last));
}

}  // namespace

void FlowTable::account_record(uint32_t slot, uint8_t sender, const RecordArrival& record) {
  FlowSlot& flow = at(slot);
  FlowHot& hot = flow.hot;
  FlowWarm& warm = flow.warm;
  const uint32_t inside = hot.sequence.begin();
  if (slot != kOther) {
    const bool other_spoke = hot.bytes[1 - sender].get() != 0;
    hot.marks.set(
        next_record_marks(hot.marks.get(), record.protocol, record.tcp_flags, sender, other_spoke));
    hot.tcp_flags[sender].set(hot.tcp_flags[sender].get() | record.tcp_flags);
  }
  visit_parts(record.spread, [&](uint32_t second, const Traffic& part) {
    if (second > hot.second.get()) enter_second(flow, {second, 0});
    hot.bytes[sender].add(part.bytes);
    const bool is_current = second == hot.second.get();
    if (is_current && part.packets + hot.packets[sender].get() < kMostOfASecond) {
      hot.packets[sender].add(static_cast<uint32_t>(part.packets));
      return;
    }
    warm.packets_before[sender].add(part.packets);
    if (is_current) return;
    warm.bytes_before[sender].add(part.bytes);
    if (second + 1 != hot.second.get()) return;
    warm.last_bytes[sender].add(part.bytes);
    warm.last_packets[sender].add(static_cast<uint32_t>(std::min(part.packets, kMostOfASecond)));
  });
  if (record.last.seconds == hot.second.get() && record.last.nanoseconds > hot.nanosecond.get())
    hot.nanosecond.set(record.last.nanoseconds);
  hot.sequence.end(inside);
}

void FlowTable::begin_earlier(uint32_t slot, Timestamp first) {
  auto& published = records_.part<PublishedIdentity>(slot);
  if (!(first < published.owned().first_seen)) return;
  FlowIdentity identity = published.owned();
  identity.first_seen = first;
  at(slot).hot.sequence.begin();
  published.set(identity);
  at(slot).hot.sequence.end();
}

void FlowTable::set_origin(uint32_t slot, const FlowOrigin& origin) {
  if (origins_ == nullptr) return;
  auto& published = records_.part<PublishedIdentity>(slot);
  FlowIdentity identity = published.owned();
  identity.origin = origins_->number_of(origin);
  at(slot).hot.sequence.begin();
  published.set(identity);
  at(slot).hot.sequence.end();
}

void HostTable::account_record(HostSide& side, ProtocolClass protocol, const TrafficSpread& spread,
                               Timestamp last) {
  const auto index = static_cast<size_t>(protocol);
  HostHot& hot = side.hot;
  HostWarm& warm = side.warm;
  const uint32_t inside = hot.sequence.begin();
  visit_parts(spread, [&](uint32_t second, const Traffic& part) {
    if (second > hot.second.get()) enter_second(side, {second, 0});
    hot.bytes[index].add(part.bytes);
    const bool is_current = second == hot.second.get();
    if (is_current && part.packets + hot.packets[index].get() < kMostOfASecond) {
      hot.packets[index].add(static_cast<uint32_t>(part.packets));
      return;
    }
    warm.packets_before[index].add(part.packets);
    if (is_current) return;
    warm.bytes_before.add(part.bytes);
    if (second + 1 != hot.second.get()) return;
    warm.last_bytes.add(part.bytes);
    hot.last_packets.add(static_cast<uint32_t>(std::min(part.packets, kMostOfASecond)));
  });
  if (last.seconds == hot.second.get() && last.nanoseconds > hot.nanosecond.get())
    hot.nanosecond.set(last.nanoseconds);
  hot.sequence.end(inside);
}

void HostTable::begin_earlier(uint32_t slot, Timestamp first) {
  HostCold& cold = this->cold(slot);
  if (!(first < cold.identity.owned().first_seen)) return;
  HostIdentity identity = cold.identity.owned();
  identity.first_seen = first;
  cold.sequence.begin();
  cold.identity.set(identity);
  cold.sequence.end();
}

}  // namespace weir
