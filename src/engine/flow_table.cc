// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/flow_table.h"

#include <algorithm>

#include "engine/service_port.h"
#include "engine/tcp_state.h"
#include "engine/whole_second_rate.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {
namespace {

void fold_packets(FlowSlot& slot, unsigned end) {
  slot.warm.packets_before[end].add(slot.hot.packets[end].get());
  slot.hot.packets[end].set(0);
}

void begin_second(FlowSlot& slot, uint32_t second) {
  const bool is_next = second == slot.hot.second.get() + 1;
  for (unsigned end = 0; end < 2; ++end) {
    const uint64_t bytes = slot.hot.bytes[end].get();
    slot.warm.last_bytes[end].set(is_next ? bytes - slot.warm.bytes_before[end].get() : 0);
    slot.warm.last_packets[end].set(is_next ? slot.hot.packets[end].get() : 0);
    slot.warm.bytes_before[end].set(bytes);
    fold_packets(slot, end);
  }
  slot.hot.second.set(second);
}

bool end_spoke(const FlowSlot& slot, unsigned end) {
  return slot.hot.bytes[end].get() != 0;
}

uint8_t next_marks(const FlowSlot& slot, uint8_t sender, uint8_t protocol, uint8_t tcp_flags) {
  const uint8_t marks = slot.hot.marks.get();
  const bool other_spoke = end_spoke(slot, 1 - sender);
  if (protocol != kProtocolTcp) return next_datagram_marks(marks, other_spoke);
  return next_tcp_marks(marks, tcp_flags, sender, other_spoke);
}

// What a reader copies of a slot under its sequence.
struct FlowCopy {
  std::array<Traffic, 2> total;
  std::array<Traffic, 2> current;
  std::array<Traffic, 2> last;
  std::array<uint8_t, 2> tcp_flags{};
  FlowIdentity identity;
  TcpSnapshot tcp;
  Timestamp last_seen;
  uint32_t number = 0;
  uint16_t application = 0;
  uint8_t confidence = 0;
  uint8_t marks = 0;
};

void copy_slot(const FlowSlot& slot, const Published<FlowIdentity>& identity, FlowCopy& copy) {
  for (unsigned end = 0; end < 2; ++end) {
    const uint64_t bytes = slot.hot.bytes[end].read();
    const uint64_t packets = slot.hot.packets[end].read();
    copy.total[end] = {slot.warm.packets_before[end].read() + packets, bytes};
    copy.current[end] = {packets, bytes - slot.warm.bytes_before[end].read()};
    copy.last[end] = {slot.warm.last_packets[end].read(), slot.warm.last_bytes[end].read()};
    copy.tcp_flags[end] = slot.hot.tcp_flags[end].read();
  }
  copy.identity = identity.read();
  copy.last_seen = {slot.hot.second.read(), slot.hot.nanosecond.read()};
  copy.number = slot.warm.number.read();
  copy.application = slot.warm.application.read();
  copy.confidence = slot.warm.confidence.read();
  copy.marks = slot.hot.marks.read();
}

// All of a record but what add_details() says of it.
void write_record(const FlowCopy& copy, uint32_t slot, uint32_t now, FlowRecord& record) {
  const unsigned client = (copy.marks & kMarkClientIsEnd1) != 0 ? 1 : 0;
  const unsigned server = 1 - client;
  const FlowEnds& ends = copy.identity.ends;
  const auto rate = [&](unsigned end) {
    return whole_second_rate(now, copy.last_seen.seconds, copy.current[end], copy.last[end]);
  };
  record.id = static_cast<uint64_t>(copy.number) << 32 | slot;
  record.vlan = ends.vlan;
  record.protocol = ends.protocol;
  record.state =
      state_of(copy.marks, ends.protocol, copy.total[0].packets != 0 && copy.total[1].packets != 0);
  record.tcp_flags_to_server = copy.tcp_flags[client];
  record.tcp_flags_to_client = copy.tcp_flags[server];
  record.client = ends.address[client];
  record.server = ends.address[server];
  record.client_port = ends.port[client];
  record.server_port = ends.port[server];
  record.application = copy.application;
  record.confidence = static_cast<Confidence>(copy.confidence);
  record.client_mac = copy.identity.mac[client];
  record.server_mac = copy.identity.mac[server];
  record.tunnels = copy.identity.tunnels;
  record.to_server = copy.total[client];
  record.to_client = copy.total[server];
  record.first_seen = copy.identity.first_seen;
  record.last_seen = copy.last_seen;
  record.rate_to_server = rate(client);
  record.rate_to_client = rate(server);
  record.round_trips = copy.tcp.round_trips;
  record.has_tcp_quality = copy.tcp.has_quality;
  record.quality_to_server = copy.tcp.quality[client];
  record.quality_to_client = copy.tcp.quality[server];
}

}  // namespace

Result<std::unique_ptr<FlowTable>> FlowTable::create(uint32_t max_flows, MemoryBudget& budget,
                                                     PageFeeder* feeder,
                                                     std::unique_ptr<MetadataStore> metadata) {
  auto index = HashIndex::create(max_flows, budget, feeder);
  if (!index) return index.error();
  auto records = Records::reserve(max_flows, feeder);
  if (!records) return records.error();
  std::unique_ptr<FlowTable> table(new FlowTable(std::move(*index), std::move(*records), max_flows,
                                                 budget, std::move(metadata)));
  auto tcp = TcpFlows::create(table->records_.array<TcpAnalysis>(), max_flows, budget);
  if (!tcp) return tcp.error();
  table->tcp_ = std::move(*tcp);
  auto exchanges = FlowExchanges::create(max_flows, budget);
  if (!exchanges) return exchanges.error();
  table->exchanges_ = std::move(*exchanges);
  if (table->records_.allocate() != kOther)
    return Error{"the memory budget is too small for a flow table"};
  return table;
}

uint32_t FlowTable::find(const FlowKey& key, const DecodedPacket& packet) const {
  return index_.find(key.hash, [&](uint32_t slot) { return matches(slot, key, packet); });
}

uint32_t FlowTable::find_exact(const FlowKey& key) const {
  return index_.find(key.hash, [&](uint32_t slot) { return has_key(slot, key); });
}

uint32_t FlowTable::create_flow(const FlowKey& key, const DecodedPacket& packet, Timestamp when,
                                std::array<uint32_t, 2> hosts) {
  const uint32_t slot = records_.allocate();
  if (slot == Records::kNone) return kOther;
  if (!index_.insert(key.hash, slot, hash_of())) {
    records_.release(slot);
    return kOther;
  }
  FlowIdentity identity;
  identity.ends = make_flow_ends(packet, key.sender);
  identity.mac[key.sender] = packet.source_mac;
  identity.mac[1 - key.sender] = packet.destination_mac;
  identity.tunnels = packet.tunnels;
  identity.first_seen = when;
  identity.origin = OriginTable::kNone;
  identity.hash = key.hash;
  const unsigned client = client_is_sender(packet) ? key.sender : 1U - key.sender;

  FlowHot& hot = at(slot).hot;
  FlowWarm& warm = at(slot).warm;
  created_.add(1);
  const auto number = static_cast<uint32_t>(created_.get());
  hot.sequence.begin_life(number);
  records_.part<PublishedIdentity>(slot).set(identity);
  if (packet.protocol == kProtocolTcp) tcp_->begin(slot);
  for (unsigned end = 0; end < 2; ++end) {
    hot.key[end].set(key.words[end]);
    hot.host[end].set(hosts[end]);
    hot.bytes[end].set(0);
    hot.packets[end].set(0);
    hot.tcp_flags[end].set(0);
    warm.packets_before[end].set(0);
    warm.bytes_before[end].set(0);
    warm.last_bytes[end].set(0);
    warm.last_packets[end].set(0);
  }
  hot.second.set(when.seconds);
  hot.nanosecond.set(when.nanoseconds);
  hot.marks.set(static_cast<uint8_t>((client == 1 ? kMarkClientIsEnd1 : 0) |
                                     (metadata_ == nullptr ? kMarkInspected : 0)));
  warm.number.set(number);
  const uint16_t guess = guess_application(packet.protocol, identity.ends.port[client],
                                           identity.ends.port[1 - client]);
  warm.application.set(guess);
  const bool is_guessed = guess != kApplicationUnknown;
  warm.confidence.set(static_cast<uint8_t>(is_guessed ? Confidence::kPort : Confidence::kNone));
  FlowInspection& inspection = this->inspection(slot);
  inspection.metadata.set(MetadataStore::kNone);
  inspection.exchanges.set(FlowExchanges::kNone);
  inspection.handle = 0;
  inspection.syn = {};
  hot.kind.set(key.kind);
  hot.sequence.end();
  return slot;
}

void FlowTable::remove(uint32_t slot) {
  FlowHot& hot = at(slot).hot;
  index_.erase(identity(slot).hash, slot, hash_of());
  hot.sequence.begin();
  tell_second(at(slot));  // who sees it told does not see the flow any more
  if (identity(slot).ends.protocol == kProtocolTcp) tcp_->end(slot);
  if (metadata_ != nullptr) metadata_->release(inspection(slot).metadata.get());
  exchanges_->end(inspection(slot).exchanges.get());
  hot.kind.set(0);
  hot.sequence.end();
  records_.release(slot);
}

void FlowTable::tell_second(const FlowSlot& flow) {
  if (applications_ == nullptr) return;
  Traffic current;
  for (unsigned end = 0; end < 2; ++end) {
    current.packets += flow.hot.packets[end].get();
    current.bytes += flow.hot.bytes[end].get() - flow.warm.bytes_before[end].get();
  }
  if (current.packets == 0) return;
  applications_->add(flow.warm.application.get(), flow.hot.second.get(), current);
}

FlowTable::Untold FlowTable::untold_of(uint32_t slot) const {
  const FlowSlot& flow = this->slot(slot);
  Untold untold;
  bool is_live = false;
  const bool ok = copy_consistently(flow.hot.sequence, [&] {
    is_live = slot == kOther || flow.hot.kind.read() != 0;
    untold = {flow.warm.application.read(), flow.hot.second.read(), {}};
    for (unsigned end = 0; end < 2; ++end) {
      untold.traffic.packets += flow.hot.packets[end].read();
      untold.traffic.bytes += flow.hot.bytes[end].read() - flow.warm.bytes_before[end].read();
    }
  });
  return ok && is_live ? untold : Untold{};
}

void FlowTable::enter_second(FlowSlot& flow, Timestamp when) {
  if (when.seconds < flow.hot.second.get()) return;  // late
  tell_second(flow);
  begin_second(flow, when.seconds);
  flow.hot.nanosecond.set(when.nanoseconds);
}

void FlowTable::advance_marks(uint32_t slot, uint8_t sender, uint8_t protocol, uint8_t tcp_flags) {
  if (slot == kOther) return;
  FlowSlot& flow = at(slot);
  flow.hot.marks.set(next_marks(flow, sender, protocol, tcp_flags));
}

void FlowTable::fold(FlowSlot& flow, uint8_t sender) {
  fold_packets(flow, sender);
}

void FlowTable::set_host(uint32_t slot, size_t end, uint32_t host) {
  FlowSlot& flow = at(slot);
  flow.hot.sequence.begin();
  flow.hot.host[end].set(host);
  flow.hot.sequence.end();
}

void FlowTable::set_inspected(uint32_t slot) {
  FlowHot& hot = at(slot).hot;
  hot.sequence.begin();
  hot.marks.set(hot.marks.get() | kMarkInspected);
  hot.sequence.end();
}

void FlowTable::set_application(uint32_t slot, uint16_t application, Confidence confidence) {
  FlowSlot& flow = at(slot);
  flow.hot.sequence.begin();
  flow.warm.application.set(application);
  flow.warm.confidence.set(static_cast<uint8_t>(confidence));
  flow.hot.sequence.end();
}

void FlowTable::set_metadata(uint32_t slot, const FlowMetadata& metadata) {
  Cell<uint32_t>& list = inspection(slot).metadata;
  Sequence& sequence = at(slot).hot.sequence;
  sequence.begin();
  list.set(metadata_->put(metadata, list.get()));
  sequence.end();
}

bool FlowTable::follow_exchanges(uint32_t slot) {
  Cell<uint32_t>& record = inspection(slot).exchanges;
  if (record.get() != FlowExchanges::kNone) return true;
  const uint32_t fresh = exchanges_->begin();
  if (fresh == FlowExchanges::kNone) return false;
  Sequence& sequence = at(slot).hot.sequence;
  sequence.begin();
  record.set(fresh);
  sequence.end();
  return true;
}

void FlowTable::drop_empty_exchanges(uint32_t slot) {
  Cell<uint32_t>& record = inspection(slot).exchanges;
  if (record.get() == FlowExchanges::kNone || exchanges_->count(record.get()) != 0) return;
  Sequence& sequence = at(slot).hot.sequence;
  sequence.begin();
  exchanges_->end(record.get());
  record.set(FlowExchanges::kNone);
  sequence.end();
}

void FlowTable::add_exchange(uint32_t slot, uint64_t latency_ns,
                             const std::optional<TimeSplit>& split) {
  Sequence& sequence = at(slot).hot.sequence;
  sequence.begin();
  exchanges_->add(inspection(slot).exchanges.get(), latency_ns, split);
  sequence.end();
}

void FlowTable::touch(uint32_t slot, Timestamp when) {
  FlowSlot& flow = at(slot);
  flow.hot.sequence.begin();
  move_time(flow, when);
  flow.hot.sequence.end();
}

template <typename More>
bool FlowTable::read_with(uint32_t slot, uint32_t now, FlowRecord& record, More&& copy_more) const {
  const FlowSlot& flow = this->slot(slot);
  bool is_live = false;
  FlowCopy copy;
  const bool ok = copy_consistently(flow.hot.sequence, [&] {
    is_live = flow.hot.kind.read() != 0;
    if (!is_live) return;
    copy_slot(flow, records_.part<PublishedIdentity>(slot), copy);
    copy.tcp = copy.identity.ends.protocol == kProtocolTcp ? tcp_->read(slot) : TcpSnapshot{};
    copy_more();
  });
  if (!ok || !is_live) return false;
  write_record(copy, slot, now, record);
  // Of the packets of a collected flow nobody here saw the sequence numbers.
  if (origins_ != nullptr) {
    record.origin = origins_->read(copy.identity.origin);
    record.has_tcp_quality = false;
  }
  return true;
}

bool FlowTable::read(uint32_t slot, uint32_t now, FlowRecord& record) const {
  return read_with(slot, now, record, [] {});
}

std::optional<FlowRecord> FlowTable::snapshot(uint32_t slot, uint32_t now) const {
  std::optional<FlowRecord> record(std::in_place);
  if (!read(slot, now, *record)) record.reset();
  return record;
}

std::optional<FlowRecord> FlowTable::full_snapshot(uint32_t slot, uint32_t now) const {
  std::optional<FlowRecord> record(std::in_place);
  if (!full_read(slot, now, *record)) record.reset();
  return record;
}

bool FlowTable::full_read(uint32_t slot, uint32_t now, FlowRecord& record) const {
  return read_with(slot, now, record, [&] {
    const FlowInspection& inspection = records_.part<FlowInspection>(slot);
    record.transactions = exchanges_->read(inspection.exchanges.read());
    read_metadata(inspection.metadata.read(), record.metadata);
  });
}

// Most flows have none, which shall cost nothing but a look.
void FlowTable::read_metadata(uint32_t list, FlowMetadata& metadata) const {
  if (metadata_ == nullptr) return;
  if (list == MetadataStore::kNone) {
    metadata.clear();
  } else {
    metadata = metadata_->read(list);
  }
}

void FlowTable::add_details(uint32_t slot, FlowRecord& record) const {
  const FlowInspection& inspection = records_.part<FlowInspection>(slot);
  record.transactions = exchanges_->read(inspection.exchanges.get());
  if (metadata_ != nullptr) record.metadata = metadata_->read(inspection.metadata.get());
}

Traffic FlowTable::other() const {
  const FlowSlot& flow = slot(kOther);
  Traffic sum;
  (void)copy_consistently(flow.hot.sequence, [&] {
    sum = {};
    for (unsigned end = 0; end < 2; ++end) {
      sum += {flow.warm.packets_before[end].read() + flow.hot.packets[end].read(),
              flow.hot.bytes[end].read()};
    }
  });
  return sum;
}

}  // namespace weir
