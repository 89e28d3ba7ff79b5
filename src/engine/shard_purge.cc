// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that decides what is over and what gives way.
#include <algorithm>

#include "engine/shard.h"
#include "engine/tcp_state.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

// Packets may come this late and still find their flow as if they had come in order; the sweep
// waits as long.
constexpr std::chrono::seconds kDisorder{1};
// Of so many flows that never were established the oldest gives way. More finds an older one.
constexpr int kEvictionChoice = 16;
// So many flows are looked at for them, one line each after the other: connections that came
// together lie together. When there is none among them, nothing looks again in this batch.
constexpr int kEvictionLooks = 1024;
// The sweep comes by every record once in so much packet time, fetches records so far ahead of its
// hand, and does no more in one go than a pause of a fraction of a millisecond allows: so many
// looks (some 5 ns each) and so many ends (some 300).
constexpr std::chrono::seconds kSweepRound{10};
constexpr uint32_t kSweepLead = 8;
constexpr uint64_t kMostLooks = 4096;
constexpr size_t kMostEnds = 160;

}  // namespace

bool Shard::is_idle(Timestamp last_seen, Timestamp now, std::chrono::seconds timeout) const {
  if (timeout == IdleTimeouts::kNever) return false;
  // Time that jumped back by more than the timeout ends a flow as well: the two packets are that
  // far apart either way.
  const int64_t apart = now.as_nanoseconds() - last_seen.as_nanoseconds();
  return (apart < 0 ? -apart : apart) > std::chrono::nanoseconds(timeout).count();
}

std::chrono::seconds Shard::flow_timeout(uint32_t flow) const {
  const FlowHot& hot = flows_->slot(flow).hot;
  const uint8_t marks = hot.marks.get();
  const IdleTimeouts& timeouts = options_.timeouts;
  if ((marks & kMarkEstablished) == 0) return timeouts.flow + patience_;
  if (flows_->identity(flow).ends.protocol != kProtocolTcp)
    return timeouts.flow_two_way + patience_;
  return (is_closed(marks) ? timeouts.flow_closed : timeouts.flow_established) + patience_;
}

bool Shard::must_account_before(const Work& work) const {
  // A SYN asks whether the connection before it is over. In a batch that is shorter than every
  // timeout the packets on their way can only keep a flow alive, and resolve() looks again when it
  // is about to end one.
  const bool is_syn = (work.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  return spans_long_ || (is_syn && work.flow != FlowTable::kOther);
}

bool Shard::is_over(uint32_t flow, const Work& work) const {
  const FlowHot& hot = flows_->slot(flow).hot;
  const Timestamp now = work.view->timestamp;
  const uint32_t last = hot.second.get();
  // Nearly every packet is within a second of the one before: no look at the timeouts, nor at the
  // line that holds the protocol.
  const int64_t apart = int64_t{now.seconds} - last;
  const bool is_recent = apart >= -1 && apart <= 1;
  if (!is_recent && is_idle(flows_->last_seen(flow), now, flow_timeout(flow))) return true;
  return work.protocol == kProtocolTcp && begins_anew(hot.marks.get(), work.tcp_flags);
}

bool Shard::is_silent(uint32_t flow) const {
  return is_idle(flows_->last_seen(flow), clock_.now(), flow_timeout(flow) + kDisorder);
}

EndReason Shard::silence_reason(uint32_t flow) const {
  const bool is_tcp = flows_->identity(flow).ends.protocol == kProtocolTcp;
  return is_tcp && is_closed(flows_->slot(flow).hot.marks.get()) ? EndReason::kClosed
                                                                 : EndReason::kIdle;
}

uint32_t Shard::flow_to_evict() {
  uint32_t victim = SlotAllocator::kNone;
  if (eviction_is_fruitless_) return victim;
  int choice = 0;
  for (int look = 0; look < kEvictionLooks && choice < kEvictionChoice; ++look) {
    uint32_t flow = flows_->next_live(flow_eviction_hand_);
    if (flow == SlotAllocator::kNone) flow = flows_->next_live(0);
    if (flow == SlotAllocator::kNone) break;
    flow_eviction_hand_ = flow + 1;
    if ((flows_->slot(flow).hot.marks.get() & kMarkEstablished) != 0) continue;
    ++choice;
    if (victim == SlotAllocator::kNone || flows_->last_seen(flow) < flows_->last_seen(victim))
      victim = flow;
  }
  eviction_is_fruitless_ = victim == SlotAllocator::kNone;
  return victim;
}

bool Shard::evict_flow() {
  const uint32_t victim = flow_to_evict();
  if (victim == SlotAllocator::kNone) return false;
  end_flow(victim, EndReason::kEvicted);
  return true;
}

void Shard::sweep_in_passing() {
  constexpr int64_t kRound = std::chrono::nanoseconds(kSweepRound).count();
  const int64_t now = clock_.now().as_nanoseconds();
  // Time that jumped back asks for nothing, and a long silence for one round.
  const int64_t elapsed = std::clamp<int64_t>(now - swept_.as_nanoseconds(), 0, kRound);
  const uint64_t records = std::max(flows_->live(), hosts_->live());
  const uint64_t due = records * static_cast<uint64_t>(elapsed) / kRound;
  if (elapsed == 0) swept_ = clock_.now();
  if (due < kSweepLead) return;  // time adds up
  const uint64_t looks = std::min(due, kMostLooks);
  // What is more than one go allows is left for the next ones.
  const int64_t left = elapsed - elapsed * static_cast<int64_t>(looks) / static_cast<int64_t>(due);
  swept_ = Timestamp::from_nanoseconds(now - left);
  sweep(looks, kMostEnds);
}

void Shard::sweep(size_t looks, size_t ends) {
  if (new_places_->is_there.load(std::memory_order_acquire)) [[unlikely]]
    take_new_places();
  if (place_hand_ != SlotAllocator::kNone) [[unlikely]]
    renew_places();
  sweep_flows(looks, ends);
  sweep_hosts(looks, ends);
}

void Shard::sweep_flows(size_t looks, size_t ends) {
  for (; looks > 0 && ends > 0; --looks) {
    const uint32_t flow = flows_->next_live(flow_hand_);
    if (flow == SlotAllocator::kNone) {
      flow_hand_ = 0;
      return;
    }
    flow_hand_ = flow + 1;
    flows_->prefetch(flow + kSweepLead);
    if (is_silent(flow)) {
      end_flow(flow, silence_reason(flow));
      --ends;
    } else if (sink_ != nullptr && tell_of(flow)) {
      --ends;  // costs as much
    }
  }
}

bool Shard::tell_of(uint32_t flow) {
  const uint64_t id = uint64_t{flows_->slot(flow).warm.number.get()} << 32 | flow;
  if (!sink_->is_due(id, flows_->identity(flow).first_seen, flows_->last_seen(flow), clock_.now()))
    return false;
  const auto record = flows_->full_snapshot(flow, clock_.now().seconds);
  if (record) sink_->accept(*record);
  return record.has_value();
}

void Shard::sweep_hosts(size_t looks, size_t ends) {
  if (options_.timeouts.host == IdleTimeouts::kNever) return;
  for (; looks > 0 && ends > 0; --looks) {
    const uint32_t host = hosts_->next_live(host_hand_);
    if (host == SlotAllocator::kNone) {
      host_hand_ = 0;
      return;
    }
    host_hand_ = host + 1;
    hosts_->prefetch_cold(host + kSweepLead);
    if (hosts_->flows(host) != 0 ||
        !is_idle(hosts_->last_seen(host), clock_.now(), options_.timeouts.host))
      continue;
    if (!retire_host(host)) {
      // The archive is busy: the hand waits with it.
      host_hand_ = host;
      return;
    }
    --ends;
  }
}

}  // namespace weir
