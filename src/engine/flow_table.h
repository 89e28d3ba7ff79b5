// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "decode/decoded_packet.h"
#include "engine/application_series.h"
#include "engine/flow_exchanges.h"
#include "engine/flow_key.h"
#include "engine/flow_slot.h"
#include "engine/hash_index.h"
#include "engine/memory_budget.h"
#include "engine/metadata_store.h"
#include "engine/origin_table.h"
#include "engine/slab.h"
#include "engine/tcp_flows.h"
#include "engine/traffic_spread.h"
#include "net/ip_protocol.h"
#include "record/flow_record.h"

namespace weir {

// What an open flow learns from one more packet.
struct Arrival {
  Timestamp when;
  uint32_t wire_length;
  uint8_t protocol;
  uint8_t tcp_flags;  // TcpFlag bits; 0 for all else
};

// And what one learns from one direction of a flow record.
struct RecordArrival {
  const TrafficSpread& spread;
  Timestamp last;
  uint8_t protocol;
  uint8_t tcp_flags;  // of all its packets
};

// All flows of a shard. Slot 0 is the `other` record: traffic of flows for which there is no room.
// It has no ends and is not in the index. Owner: shard thread; snapshot() and limit() may be called
// by any thread, without waiting and without making the owner wait.
class FlowTable {
 public:
  static constexpr uint32_t kOther = 0;
  // Bytes a flow costs with its share of the index.
  static constexpr size_t kBytesPerFlow = sizeof(FlowSlot) + sizeof(Published<FlowIdentity>) +
                                          sizeof(TcpAnalysis) + sizeof(FlowInspection) + 14;
  // And when something happened to its TCP: for sizing the table by a budget.
  static constexpr size_t kMostBytesPerFlow = kBytesPerFlow + sizeof(TcpCounts);

  // `feeder` as for ReservedRegion. `metadata` keeps what is found in payloads; without one flows
  // are made as inspected already.
  static Result<std::unique_ptr<FlowTable>> create(
      uint32_t max_flows, MemoryBudget& budget, PageFeeder* feeder = nullptr,
      std::unique_ptr<MetadataStore> metadata = nullptr);

  // The stages of a look-up for a batch: prefetch_index, then guess and prefetch what it says, then
  // matches.
  [[nodiscard]] uint32_t prefetch_index(const FlowKey& key) const {
    return index_.prefetch(key.hash);
  }
  // `where`: as prefetch_index() said, with no flow made since.
  [[nodiscard]] uint32_t guess(const FlowKey& key, uint32_t where) const {
    return index_.guess(key.hash, where);
  }
  void prefetch(uint32_t slot) const { records_.prefetch<FlowSlot>(slot); }
  // The same for what only TCP packets touch.
  void prefetch_tcp(uint32_t slot) const { records_.prefetch<TcpAnalysis>(slot); }
  void prefetch_identity(uint32_t slot) const { records_.prefetch<PublishedIdentity>(slot); }
  // Whether the slot holds a flow of that key; enough when the key is exact.
  [[nodiscard]] bool has_key(uint32_t slot, const FlowKey& key) const {
    const FlowHot& hot = this->slot(slot).hot;
    return hot.key[0].get() == key.words[0] && hot.key[1].get() == key.words[1] &&
           hot.kind.get() == key.kind;
  }
  [[nodiscard]] bool matches(uint32_t slot, const FlowKey& key, const DecodedPacket& packet) const {
    return has_key(slot, key) &&
           (key.is_exact() || identity(slot).ends == make_flow_ends(packet, key.sender));
  }
  // The whole look-up; kOther when there is no such flow.
  [[nodiscard]] uint32_t find(const FlowKey& key, const DecodedPacket& packet) const;
  // The same without a look at the packet. REQUIRES: the key is exact.
  [[nodiscard]] uint32_t find_exact(const FlowKey& key) const;

  // A new flow of the packet's ends, without traffic. `hosts` are by end. kOther when the table is
  // full: make room and try again, or account to kOther. REQUIRES: find() does not find it.
  [[nodiscard]] uint32_t create_flow(const FlowKey& key, const DecodedPacket& packet,
                                     Timestamp when, std::array<uint32_t, 2> hosts);
  void remove(uint32_t slot);

  // Accounts one packet of end `sender`. In kOther only the sums count.
  void account(uint32_t slot, uint8_t sender, Arrival packet) {
    FlowSlot& flow = at(slot);
    FlowHot& hot = flow.hot;
    const uint32_t inside = hot.sequence.begin();
    move_time(flow, packet.when);
    // Nothing more happens to an established flow unless TCP says so.
    if ((hot.marks.get() & kMarkEstablished) == 0 ||
        (packet.tcp_flags & (kTcpSyn | kTcpFin | kTcpRst)) != 0)
      advance_marks(slot, sender, packet.protocol, packet.tcp_flags);
    const uint8_t flags_seen = hot.tcp_flags[sender].get();
    if ((packet.tcp_flags & ~flags_seen) != 0)
      hot.tcp_flags[sender].set(flags_seen | packet.tcp_flags);
    hot.bytes[sender].add(packet.wire_length);
    const uint32_t packets = hot.packets[sender].get() + 1;
    hot.packets[sender].set(packets);
    if (packets >= kFoldPackets) [[unlikely]]
      fold(flow, sender);
    hot.sequence.end(inside);
  }
  // Accounts a flow record's packets of end `sender`. Seconds before those that the rates are of
  // are in the totals alone.
  void account_record(uint32_t slot, uint8_t sender, const RecordArrival& record);
  // A record tells that the flow began before what was thought; later times change nothing.
  void begin_earlier(uint32_t slot, Timestamp first);
  // Where a collected flow was seen.
  void set_origin(uint32_t slot, const FlowOrigin& origin);
  // From now on flows may be collected ones. Before the first one is made; the owner.
  void keep_origins(std::unique_ptr<OriginTable> origins) { origins_ = std::move(origins); }
  // Any thread: null when flows are of packets.
  [[nodiscard]] const OriginTable* origins() const { return origins_.get(); }
  // The same packet for the analysis of a TCP flow; TcpEvent bits.
  uint8_t analyse_tcp(uint32_t slot, uint8_t sender, const TcpSegment& segment, Timestamp when) {
    Sequence& sequence = at(slot).hot.sequence;
    const uint32_t inside = sequence.begin();
    const uint8_t found = tcp_->account(slot, sender, segment, when);
    sequence.end(inside);
    return found;
  }
  // The round trips of a TCP flow's handshake.
  [[nodiscard]] TcpRoundTrips tcp_round_trips(uint32_t slot) const {
    return round_trips(records_.part<TcpAnalysis>(slot));
  }
  // Whether the flow's payload is still of interest.
  [[nodiscard]] bool is_inspected(uint32_t slot) const {
    return (this->slot(slot).hot.marks.get() & kMarkInspected) != 0;
  }
  void set_inspected(uint32_t slot);
  void set_application(uint32_t slot, uint16_t application, Confidence confidence);
  // In place of what was known before; `metadata` tells what it changed since then.
  void set_metadata(uint32_t slot, const FlowMetadata& metadata);
  // Gives the flow a record for its exchanges if it has none; false when there is no room.
  bool follow_exchanges(uint32_t slot);
  // Lets go of a record in which there is nothing.
  void drop_empty_exchanges(uint32_t slot);
  // One more answered transaction of the flow. REQUIRES: follow_exchanges().
  void add_exchange(uint32_t slot, uint64_t latency_ns, const std::optional<TimeSplit>& split);
  // REQUIRES: follow_exchanges().
  [[nodiscard]] ExchangeClock& exchange_clock(uint32_t slot) {
    return exchanges_->clock(inspection(slot).exchanges.get());
  }
  // Owner thread: for the shard's use.
  [[nodiscard]] FlowInspection& inspection(uint32_t slot) {
    return records_.part<FlowInspection>(slot);
  }

  // Gives an end of the flow another host.
  void set_host(uint32_t slot, size_t end, uint32_t host);
  // Moves the time of the last packet, and with it the rates, forward to `when`.
  void touch(uint32_t slot, Timestamp when);

  [[nodiscard]] const FlowSlot& slot(uint32_t slot) const { return records_.part<FlowSlot>(slot); }
  [[nodiscard]] const FlowIdentity& identity(uint32_t slot) const {
    return records_.part<PublishedIdentity>(slot).owned();
  }
  [[nodiscard]] Timestamp last_seen(uint32_t slot) const {
    const FlowHot& hot = this->slot(slot).hot;
    return {hot.second.get(), hot.nanosecond.get()};
  }
  [[nodiscard]] uint32_t live() const { return records_.live(); }
  [[nodiscard]] uint64_t created() const { return created_.read(); }
  // The next live flow at or after `slot`, never kOther; SlotAllocator::kNone when there is none.
  [[nodiscard]] uint32_t next_live(uint32_t slot) const { return records_.next_live(slot); }

  // Any thread: calls visit(slot) for each live flow, never kOther.
  template <typename Visit>
  void visit_live(Visit&& visit) const {
    records_.visit_live(std::forward<Visit>(visit));
  }
  // Any thread: slots from 1 to limit() - 1 may hold flows.
  [[nodiscard]] uint32_t limit() const { return records_.limit(); }
  // Any thread: writes a consistent copy of the flow in `slot` over `record`, all but what
  // add_details() writes; false, and the record as it was, when the slot is free or changes too
  // fast to be copied. `now`: the second in which the question is asked, for the rates. REQUIRES:
  // the record is new or was read from this table.
  [[nodiscard]] bool read(uint32_t slot, uint32_t now, FlowRecord& record) const;
  // The same in a record of its own.
  [[nodiscard]] std::optional<FlowRecord> snapshot(uint32_t slot, uint32_t now) const;
  // The same with what is known of its payload; for some rows, not for all of a large table.
  // Cost: some 100 ns for each value.
  [[nodiscard]] std::optional<FlowRecord> full_snapshot(uint32_t slot, uint32_t now) const;
  // The same into a record that is new or was read from this table. Where it says false, some of
  // the record is written all the same.
  [[nodiscard]] bool full_read(uint32_t slot, uint32_t now, FlowRecord& record) const;
  // What both are going to want.
  void prefetch_record(uint32_t slot) const {
    records_.prefetch_to_read<FlowSlot>(slot);
    records_.prefetch_to_read<PublishedIdentity>(slot);
    records_.prefetch_to_read<TcpAnalysis>(slot);
  }
  // Any thread: calls visit(client's slot, server's slot in the host table) while the flow of that
  // id holds them, perhaps more than once; false: it has gone, and what visit() found is of others.
  template <typename Visit>
  [[nodiscard]] bool visit_hosts(uint64_t id, Visit&& visit) const {
    const FlowSlot& flow = this->slot(static_cast<uint32_t>(id));
    bool is_there = false;
    const bool ok = copy_consistently(flow.hot.sequence, [&] {
      is_there = flow.hot.kind.read() != 0 && flow.warm.number.read() == id >> 32;
      if (!is_there) return;
      const unsigned client = (flow.hot.marks.read() & kMarkClientIsEnd1) != 0 ? 1 : 0;
      visit(flow.hot.host[client].read(), flow.hot.host[1 - client].read());
    });
    return ok && is_there;
  }
  // Owner: to a snapshot() of the flow what full_snapshot() has more.
  void add_details(uint32_t slot, FlowRecord& record) const;
  // Any thread: null when payloads are not looked at.
  [[nodiscard]] const MetadataStore* metadata() const { return metadata_.get(); }
  // Any thread: what happened to TCP packets; those of the `other` record are not looked at.
  [[nodiscard]] const TcpFlows& tcp() const { return *tcp_; }
  // From now on what flows did in a second goes to `series` when they enter another one, or end. It
  // outlives the table. The owner.
  void tell_seconds(ApplicationSeries& series) { applications_ = &series; }
  // Any thread: calls add(application, second, traffic) for what flows did since `since` and have
  // not told. Flows that nobody told to tell have nothing.
  template <typename Add>
  void visit_untold(uint32_t since, Add&& add) const {
    if (applications_ == nullptr) return;
    const auto visit = [&](uint32_t slot) {
      if (this->slot(slot).hot.second.read() < since) return;
      const Untold untold = untold_of(slot);
      if (untold.second >= since && untold.traffic.packets != 0)
        add(untold.application, untold.second, untold.traffic);
    };
    visit(kOther);
    visit_live(visit);
  }
  // Any thread: the sums of the `other` record.
  [[nodiscard]] Traffic other() const;

 private:
  using PublishedIdentity = Published<FlowIdentity>;
  using Records = Slab<FlowSlot, PublishedIdentity, TcpAnalysis, FlowInspection>;

  FlowTable(HashIndex index, Records::Arrays records, uint32_t max_flows, MemoryBudget& budget,
            std::unique_ptr<MetadataStore> metadata)
      : records_(std::move(records), max_flows, budget),
        index_(std::move(index)),
        metadata_(std::move(metadata)) {}

  template <typename More>
  [[nodiscard]] bool read_with(uint32_t slot, uint32_t now, FlowRecord& record,
                               More&& copy_more) const;
  void read_metadata(uint32_t list, FlowMetadata& metadata) const;

  // Far from overflow, and far from happening: so many packets of one end in one second.
  static constexpr uint32_t kFoldPackets = uint32_t{1} << 31;

  // What a flow did in the second of its last packet.
  struct Untold {
    uint16_t application = 0;
    uint32_t second = 0;
    Traffic traffic;
  };
  [[nodiscard]] Untold untold_of(uint32_t slot) const;
  void tell_second(const FlowSlot& flow);

  void move_time(FlowSlot& flow, Timestamp when) {
    FlowHot& hot = flow.hot;
    if (when.seconds != hot.second.get()) {
      enter_second(flow, when);
    } else if (when.nanoseconds > hot.nanosecond.get()) {
      hot.nanosecond.set(when.nanoseconds);
    }
  }
  // What only some packets need, out of the way of the others.
  void enter_second(FlowSlot& flow, Timestamp when);
  static void fold(FlowSlot& flow, uint8_t sender);
  void advance_marks(uint32_t slot, uint8_t sender, uint8_t protocol, uint8_t tcp_flags);

  [[nodiscard]] FlowSlot& at(uint32_t slot) { return records_.part<FlowSlot>(slot); }
  [[nodiscard]] auto hash_of() const {
    return [this](uint32_t slot) { return identity(slot).hash; };
  }

  Records records_;
  std::unique_ptr<TcpFlows> tcp_;
  HashIndex index_;
  std::unique_ptr<MetadataStore> metadata_;
  std::unique_ptr<FlowExchanges> exchanges_;
  std::unique_ptr<OriginTable> origins_;       // null where no flow is collected
  ApplicationSeries* applications_ = nullptr;  // null: seconds are told to nobody
  Cell<uint64_t> created_{};
};

}  // namespace weir
