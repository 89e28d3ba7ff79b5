// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that shows payloads to the inspector and keeps what it finds.
#include <algorithm>

#include "decode/plain_ipv4.h"
#include "dpi/verdict.h"
#include "engine/shard.h"

namespace weir {
namespace {

// Of the budget: for flows in the inspector's work, for what is known of payloads, and for nDPI's
// own tables.
constexpr size_t kInspectorShare = 16;
constexpr size_t kMetadataShare = 8;
constexpr size_t kTransactionShare = 32;
constexpr size_t kNdpiBytes = size_t{6} << 20;

}  // namespace

Result<std::unique_ptr<MetadataStore>> Shard::prepare_inspection() {
  if (!options_.inspects) return std::unique_ptr<MetadataStore>();
  const size_t in_work = options_.memory_bytes / kInspectorShare;
  if (options_.memory_bytes < kMinMemoryToInspect ||
      !budget_->take(in_work + kNdpiBytes + ExpectedFlows::kMaxBytes))
    return Error{"the memory budget is too small: give more with --memory, or --no-dpi"};
  auto inspector =
      Inspector::create({.max_bytes = in_work,
                         .expected = options_.expected != nullptr
                                         ? options_.expected
                                         : std::make_shared<ExpectedFlows>(options_.secret)});
  if (!inspector) return inspector.error();
  inspector_ = std::move(*inspector);
  inspector_->set_rules(options_.rules);
  auto transactions =
      TransactionTable::create(options_.memory_bytes / kTransactionShare, hash_, *budget_);
  if (!transactions) return transactions.error();
  transactions_ = std::move(*transactions);
  inspector_->set_transactions(&transaction_sink_);
  return MetadataStore::create(options_.memory_bytes / kMetadataShare, hash_, *budget_);
}

void Shard::use_rules(std::shared_ptr<const ProtocolRules> rules) {
  const std::lock_guard lock(new_rules_->mutex);
  new_rules_->rules = std::move(rules);
  new_rules_->is_there.store(true, std::memory_order_release);
}

void Shard::thin_inspection(uint32_t one_in) {
  if (inspector_ != nullptr) inspector_->thin(one_in);
}

void Shard::take_new_rules() {
  const std::lock_guard lock(new_rules_->mutex);
  new_rules_->is_there.store(false, std::memory_order_relaxed);
  options_.rules = std::move(new_rules_->rules);
  if (inspector_ != nullptr) inspector_->set_rules(options_.rules);
}

void Shard::guess_by_rules(uint32_t flow) {
  if (new_rules_->is_there.load(std::memory_order_acquire)) [[unlikely]]
    take_new_rules();
  if (options_.rules == nullptr) return;
  const FlowEnds& ends = flows_->identity(flow).ends;
  const unsigned client = client_of(flow);
  Evidence evidence;
  evidence.client = ends.address[client];
  evidence.server = ends.address[1 - client];
  evidence.client_port = ends.port[client];
  evidence.server_port = ends.port[1 - client];
  evidence.ip_protocol = ends.protocol;
  const Verdict verdict = guess(evidence, {.ndpi = nullptr, .rules = options_.rules.get()});
  if (flows_->slot(flow).warm.application.get() != verdict.application)
    flows_->set_application(flow, verdict.application, verdict.confidence);
}

void Shard::inspect_payloads(std::span<Work> packets) {
  std::array<Work*, kBatchSize> wanted;
  size_t count = 0;
  for (Work& work : packets) {
    wanted[count] = &work;
    count += (work.flow != FlowTable::kOther) & !flows_->is_inspected(work.flow);
  }
  for (Work* work : std::span(wanted.data(), count)) {
    // An earlier packet of the batch may have settled it.
    if (!flows_->is_inspected(work->flow)) inspect(*work);
  }
}

unsigned Shard::client_of(uint32_t flow) const {
  return (flows_->slot(flow).hot.marks.get() & kMarkClientIsEnd1) != 0 ? 1 : 0;
}

// Most packets of a flow that is followed for long hold no payload, or a part of a content that
// nobody reads: that much is seen without decoding them.
bool Shard::is_of_no_use(const Work& work) {
  if (!work.tells_tcp || (work.tcp_flags & kTcpSyn) != 0) return false;
  const TcpSegment& segment = segment_of(work);
  if (segment.payload_length == 0) return true;
  const Inspector::Handle handle = flows_->inspection(work.flow).handle;
  return handle != Inspector::kNone &&
         inspector_->pass_over(handle, work.key.sender == client_of(work.flow), segment.sequence,
                               segment.payload_length, work.view->timestamp);
}

// A packet that is plain is not decoded for this.
InspectedPacket Shard::inspected_packet(const Work& work) const {
  InspectedPacket inspected;
  inspected.is_tcp = work.protocol == kProtocolTcp;
  inspected.tcp_flags = work.tcp_flags;
  inspected.to_server = work.key.sender == client_of(work.flow);
  inspected.when = work.view->timestamp;
  if (work.is_decoded) {
    const DecodedPacket& packet = decoded_[static_cast<size_t>(&work - work_.data())];
    inspected.datagram = {packet.network, packet.network_length};
    inspected.payload = {packet.payload, packet.payload_length};
    inspected.payload_wire_length = packet.payload_wire_length;
    inspected.tcp_sequence = packet.tcp_sequence;
  } else {
    const PlainDatagram datagram = plain_datagram(*work.view);
    inspected.datagram = datagram.bytes;
    inspected.payload = datagram.payload;
    inspected.payload_wire_length = datagram.payload_wire_length;
    if (work.tells_tcp) inspected.tcp_sequence = segment_of(work).sequence;
  }
  return inspected;
}

void Shard::inspect(Work& work) {
  show_payload(work);
  if (work.tells_tcp && (work.tcp_flags & (kTcpFin | kTcpRst)) != 0) end_stream(work);
}

void Shard::show_payload(Work& work) {
  if (is_of_no_use(work)) return time_exchange(work);
  FlowInspection& inspection = flows_->inspection(work.flow);
  const bool is_later_fragment =
      work.is_decoded && decoded_[static_cast<size_t>(&work - work_.data())].is_later_fragment;
  const InspectedPacket packet = inspected_packet(work);
  const bool is_syn = packet.is_tcp && (packet.tcp_flags & kTcpSyn) != 0;
  if (is_syn) inspection.syn_sequence[work.key.sender] = packet.tcp_sequence;
  // Not before there is payload: a flood of SYNs is nobody's work.
  if (is_later_fragment) return;
  if (packet.is_tcp && packet.payload.empty()) return time_exchange(work);
  if (inspection.handle == Inspector::kNone && !begin_inspection(work.flow, work.view->timestamp)) {
    flows_->set_inspected(work.flow);
    return;
  }
  time_exchange(work);
  transaction_sink_.flow = work.flow;
  const InspectionState state = inspector_->inspect(inspection.handle, packet);
  if (inspector_->has_learnt(inspection.handle)) learn_learnt(work.flow);
  if (state == InspectionState::kUnsettled) return;
  take_verdict(work.flow);
  if (state == InspectionState::kFinished) finish_inspection(work.flow);
}

void Shard::end_stream(const Work& work) {
  const Inspector::Handle handle = flows_->inspection(work.flow).handle;
  if (handle == Inspector::kNone) return;
  const TcpSegment& segment = segment_of(work);
  const FlowHot& hot = flows_->slot(work.flow).hot;
  const unsigned client = (hot.marks.get() & kMarkClientIsEnd1) != 0 ? 1 : 0;
  InspectedPacket end;
  end.is_tcp = true;
  end.tcp_flags = work.tcp_flags;
  end.tcp_sequence = segment.sequence;
  end.payload_wire_length = segment.payload_length;
  end.to_server = work.key.sender == client;
  end.when = work.view->timestamp;
  if (inspector_->see_end(handle, end)) conclude_inspection(work.flow);
}

bool Shard::begin_inspection(uint32_t flow, Timestamp when) {
  const FlowHot& hot = flows_->slot(flow).hot;
  const FlowEnds& ends = flows_->identity(flow).ends;
  const unsigned client = client_of(flow);
  FlowInspection& inspection = flows_->inspection(flow);
  inspection.handle = inspector_->begin({ends.address[client], ends.address[1 - client],
                                         ends.port[client], ends.port[1 - client], ends.protocol});
  if (inspection.handle == Inspector::kNone) return false;
  if (ends.protocol == kProtocolTcp) (void)flows_->follow_exchanges(flow);
  for (const unsigned end : {0U, 1U}) {
    if ((hot.tcp_flags[end].get() & kTcpSyn) == 0) continue;
    InspectedPacket syn;
    syn.is_tcp = true;
    syn.tcp_flags = kTcpSyn;
    syn.tcp_sequence = inspection.syn_sequence[end];
    syn.to_server = end == client;
    syn.when = when;
    (void)inspector_->inspect(inspection.handle, syn);
  }
  return true;
}

void Shard::take_verdict(uint32_t flow) {
  const Inspector::Handle handle = flows_->inspection(flow).handle;
  learn_syn(flow);
  const Verdict& verdict = inspector_->verdict(handle);
  if (flows_->slot(flow).warm.application.get() != verdict.application ||
      flows_->slot(flow).warm.confidence.get() != static_cast<uint8_t>(verdict.confidence))
    flows_->set_application(flow, verdict.application, verdict.confidence);
  if (!inspector_->has_news(handle)) return;
  flows_->set_metadata(flow, inspector_->metadata(handle));
  learn_metadata(flow, inspector_->metadata(handle));
  inspector_->forget_news(handle);
}

void Shard::finish_inspection(uint32_t flow) {
  FlowInspection& inspection = flows_->inspection(flow);
  inspector_->end(inspection.handle);
  inspection.handle = Inspector::kNone;
  flows_->set_inspected(flow);
  flows_->drop_empty_exchanges(flow);
}

// The flow or its connection ends: what was found so far is what is known of it.
void Shard::conclude_inspection(uint32_t flow) {
  const Inspector::Handle handle = flows_->inspection(flow).handle;
  if (handle == Inspector::kNone) return;
  transaction_sink_.flow = flow;
  inspector_->conclude(handle);
  if (inspector_->has_learnt(handle)) learn_learnt(flow);
  take_verdict(flow);
  finish_inspection(flow);
}

}  // namespace weir
