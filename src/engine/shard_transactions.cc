// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that sums transactions and tells what their time was spent on.
#include <algorithm>
#include <optional>

#include "engine/shard.h"
#include "net/ip_protocol.h"

namespace weir {

void Shard::Transactions::accept(const Transaction& transaction) {
  shard_.count_transaction(flow, transaction);
}

void Shard::time_exchange(const Work& work) {
  if (!work.tells_tcp || flows_->inspection(work.flow).exchanges.get() == FlowExchanges::kNone)
    return;
  ExchangeSegment segment;
  segment.tcp = segment_of(work);
  segment.events = work.tcp_events;
  const uint8_t marks = flows_->slot(work.flow).hot.marks.get();
  segment.from_client = work.key.sender == ((marks & kMarkClientIsEnd1) != 0 ? 1 : 0);
  segment.when = work.view->timestamp;
  flows_->exchange_clock(work.flow).see(segment, flows_->tcp_round_trips(work.flow));
}

void Shard::count_transaction(uint32_t flow, const Transaction& transaction) {
  const FlowSlot& slot = flows_->slot(flow);
  const FlowEnds& ends = flows_->identity(flow).ends;
  const unsigned server = (slot.hot.marks.get() & kMarkClientIsEnd1) != 0 ? 0 : 1;
  const TransactionPlace place{ends.address[server], ends.port[server],
                               uint64_t{slot.warm.number.get()} << 32 | flow};
  std::optional<TimeSplit> split;
  if (transaction.has_answer && flows_->follow_exchanges(flow)) {
    const int64_t wait = transaction.answered.as_nanoseconds() - transaction.asked.as_nanoseconds();
    auto latency = static_cast<uint64_t>(std::max<int64_t>(0, wait));
    if (ends.protocol == kProtocolTcp) {
      const TcpRoundTrips trips = flows_->tcp_round_trips(flow);
      const ExchangeClock& clock = flows_->exchange_clock(flow);
      split = clock.split(transaction, trips);
      latency -= std::min(latency, clock.server_trip_ns(trips).value_or(0));
    }
    flows_->add_exchange(flow, latency, split);
  }
  transactions_->add(transaction, place, split, clock_.now().seconds);
}

}  // namespace weir
