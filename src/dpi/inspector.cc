// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/inspector.h"

#include <algorithm>
#include <utility>

#include "dpi/dissector_kinds.h"
#include "dpi/expected_flows.h"
#include "dpi/inspection.h"
#include "dpi/ndpi_classifier.h"
#include "dpi/protocol_rules.h"
#include "dpi/risk_facts.h"
#include "dpi/small_protocols.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

constexpr uint8_t kSyn = 0x02;
constexpr uint8_t kRst = 0x04;

Payload payload_of(const Inspection& flow, const InspectedPacket& packet) {
  Payload payload;
  payload.bytes = ByteReader(packet.payload);
  payload.to_server = packet.to_server;
  payload.is_tcp = packet.is_tcp;
  payload.client_port = flow.flow.client_port;
  payload.server_port = flow.flow.server_port;
  payload.has_gap = packet.payload.size() < packet.payload_wire_length;
  payload.when = packet.when;
  return payload;
}

bool can_settle(const Inspection& flow) {
  if (!flow.findings.protocol.empty()) return true;
  // A dissector that needs more bytes may still know what nDPI does not.
  const bool is_waiting = flow.dissector != nullptr && flow.ndpi_verdict.master.empty();
  return (flow.is_ndpi_done && !is_waiting) || flow.payload_packets >= Inspection::kMostPackets;
}

}  // namespace

Result<std::unique_ptr<Inspector>> Inspector::create(const Options& options) {
  auto ndpi = NdpiModule::create();
  if (!ndpi) return ndpi.error();
  const size_t most = std::max(kLeastFlows, options.max_bytes / Inspection::kBaseBytes);
  return std::unique_ptr<Inspector>(new Inspector(std::move(*ndpi), most, options));
}

Inspector::Inspector(std::unique_ptr<NdpiModule> ndpi, size_t max_flows, const Options& options)
    : ndpi_(std::move(ndpi)),
      expected_(options.expected),
      inspections_(max_flows + 1),
      max_bytes_(std::max(options.max_bytes, kLeastFlows * Inspection::kBaseBytes)) {
  one_in_.set(1);
  free_.reserve(max_flows);
  for (size_t handle = max_flows; handle > kNone; --handle)
    free_.push_back(static_cast<Handle>(handle));
}

Inspector::~Inspector() = default;

bool Inspector::is_left_out() {
  if (++turn_ < one_in_.get()) return true;
  turn_ = 0;
  return false;
}

Inspector::Handle Inspector::begin(const InspectedFlow& flow) {
  if (is_left_out()) {
    thinned_flows_.add(1);
    return kNone;
  }
  if (free_.empty() || bytes_in_work_.get() + Inspection::kBaseBytes > max_bytes_) {
    refused_flows_.add(1);
    return kNone;
  }
  const Handle handle = free_.back();
  free_.pop_back();
  if (spare_.empty()) {
    inspections_[handle] = std::make_unique<Inspection>(flow);
  } else {
    inspections_[handle] = std::move(spare_.back());
    spare_.pop_back();
    at(handle).flow = flow;
  }
  at(handle).findings.transactions = transactions_;
  count_bytes(at(handle));
  inspected_flows_.add(1);
  return handle;
}

bool Inspector::count_bytes(Inspection& flow) {
  const size_t before = std::exchange(flow.held, flow.held_bytes());
  bytes_in_work_.set(bytes_in_work_.get() - before + flow.held);
  return flow.held > before;
}

void Inspector::end(Handle handle) {
  bytes_in_work_.set(bytes_in_work_.get() - at(handle).held);
  if (spare_.size() < kMostSpare) {
    spare_.push_back(std::move(inspections_[handle]));
    spare_.back()->clear();
  }
  inspections_[handle].reset();
  free_.push_back(handle);
}

const Verdict& Inspector::verdict(Handle handle) const {
  return at(handle).verdict;
}
const FlowMetadata& Inspector::metadata(Handle handle) const {
  return at(handle).findings.metadata;
}
bool Inspector::has_news(Handle handle) const {
  return at(handle).findings.metadata.changed() != 0;
}
void Inspector::forget_news(Handle handle) {
  at(handle).findings.metadata.forget_changes();
}

bool Inspector::has_learnt(Handle handle) const {
  const Findings& findings = at(handle).findings;
  return !findings.learnt_names.empty() || !findings.learnt_traits.empty();
}
Inspector::Learnt Inspector::take_learnt(Handle handle) {
  Findings& findings = at(handle).findings;
  return {findings.protocol, std::exchange(findings.learnt_names, {}),
          std::exchange(findings.learnt_traits, {})};
}

// A flow that grows beyond the room there is has to do with what was found so far.
InspectionState Inspector::inspect(Handle handle, const InspectedPacket& packet) {
  const InspectionState state = advance(handle, packet);
  if (state == InspectionState::kFinished) return state;
  if (!count_bytes(at(handle)) || bytes_in_work_.get() <= max_bytes_) return state;
  conclude(handle);
  unfollowed_flows_.add(1);
  return InspectionState::kFinished;
}

InspectionState Inspector::advance(Handle handle, const InspectedPacket& packet) {
  Inspection& flow = at(handle);
  const bool was_settled = flow.is_settled;
  inspected_packets_.add(1);
  if (packet.is_tcp && (packet.tcp_flags & kSyn) != 0) {
    flow.has_start = true;
    flow.order[packet.to_server ? 1 : 0].see_syn(packet.tcp_sequence);
  }
  if (!packet.payload.empty()) {
    flow.note_packet(packet);
    feed(flow, packet);
    if (!flow.findings.announced.empty()) announce_all(flow);
  }
  if (flow.is_over()) {
    conclude(handle);
    return InspectionState::kFinished;
  }
  // A protocol that is certain by our own reading needs no second opinion.
  if (!flow.is_settled && flow.findings.protocol.empty() && !packet.datagram.empty())
    ask_ndpi(flow, packet);
  if (!flow.is_settled && can_settle(flow))
    settle(flow);
  else if (flow.is_settled)
    name_better(flow);
  if (!flow.is_settled) return InspectionState::kUnsettled;
  assess(flow);
  if (flow.dissector == nullptr) return InspectionState::kFinished;
  const bool is_let_go = is_crowded() || one_in_.get() > 1;
  if (!was_settled || !is_let_go) return InspectionState::kFollowed;
  unfollowed_flows_.add(1);
  return InspectionState::kFinished;
}

bool Inspector::see_end(Handle handle, const InspectedPacket& packet) {
  Inspection& flow = at(handle);
  if ((packet.tcp_flags & kRst) != 0) {
    flow.is_reset = true;
  } else {
    flow.order[packet.to_server ? 1 : 0].see_end(packet.tcp_sequence + packet.payload_wire_length);
  }
  return flow.is_over();
}

bool Inspector::pass_over(Handle handle, bool to_server, uint32_t sequence, uint32_t wire_length,
                          Timestamp when) {
  Inspection& flow = at(handle);
  StreamOrder& order = flow.order[to_server ? 1 : 0];
  if (!flow.is_settled || flow.is_reset || flow.dissector == nullptr) return false;
  if (order.is_known(sequence, wire_length)) return true;
  if (!order.is_next(sequence)) return false;
  if (flow.dissector->unneeded(to_server) < wire_length) return false;
  flow.dissector->pass(to_server, wire_length, when);
  order.pass(wire_length);
  return true;
}

// What is missing is no loss where nobody wants to read it.
bool Inspector::pass_gap(Inspection& flow, bool to_server, const StreamPiece& piece) {
  if (flow.dissector == nullptr || flow.dissector->unneeded(to_server) < piece.missing)
    return false;
  flow.dissector->pass(to_server, piece.missing, piece.when);
  return true;
}

void Inspector::feed(Inspection& flow, const InspectedPacket& packet) {
  if (!packet.is_tcp) return feed_payload(flow, payload_of(flow, packet));
  // The SYN counts as a byte before the payload.
  const uint32_t sequence = packet.tcp_sequence + ((packet.tcp_flags & kSyn) != 0 ? 1 : 0);
  flow.order[packet.to_server ? 1 : 0].push(
      {sequence, packet.payload, packet.payload_wire_length, packet.when},
      [&](const StreamPiece& piece) {
        Payload payload = payload_of(flow, packet);
        payload.bytes = ByteReader(piece.bytes);
        payload.is_stream_start = piece.is_start;
        payload.has_gap = piece.has_gap && !pass_gap(flow, packet.to_server, piece);
        payload.when = piece.when;
        feed_payload(flow, payload);
      });
}

void Inspector::feed_payload(Inspection& flow, const Payload& payload) {
  if (flow.is_dissector_done) return;
  if (flow.dissector == nullptr) return choose_dissector(flow, payload, flow.next_kind);
  switch (flow.dissector->feed(payload, flow.findings)) {
    case Progress::kMore:
      return;
    case Progress::kDone:
      flow.dissector.reset();
      flow.is_dissector_done = true;
      return;
    case Progress::kNotMine:
      flow.dissector.reset();
      flow.findings.protocol = {};
      choose_dissector(flow, payload, flow.next_kind);
  }
}

// Asks the kinds from `first` on, each of which may give the flow back at once.
void Inspector::choose_dissector(Inspection& flow, const Payload& payload, size_t first) {
  const auto kinds = dissector_kinds();
  for (size_t kind = first; kind < kinds.size(); ++kind) {
    if (!kinds[kind].may_begin(payload)) continue;
    flow.dissector = kinds[kind].create();
    flow.next_kind = kind + 1;
    const Progress progress = flow.dissector->feed(payload, flow.findings);
    if (progress == Progress::kMore) return recognise(flow, payload);
    flow.dissector.reset();
    if (progress == Progress::kDone) {
      flow.is_dissector_done = true;
      return;
    }
    flow.findings.protocol = {};
  }
  // What begins later, or the other direction, may still be known to any of them.
  flow.next_kind = 0;
  recognise(flow, payload);
}

// What no dissector follows, or one is not sure of, may still be told by its first bytes; a view of
// the rules lives as long as they do, so the flow keeps them.
void Inspector::recognise(Inspection& flow, const Payload& payload) {
  if (!flow.findings.protocol.empty()) return;
  take_expected(flow);
  if (!flow.findings.protocol.empty()) return;
  flow.findings.protocol = small_protocol(payload);
  if (!flow.findings.protocol.empty() || rules_ == nullptr) return;
  flow.rules = rules_;
  flow.findings.protocol = rules_->by_payload(payload).application;
}

void Inspector::announce_all(Inspection& flow) {
  for (const AnnouncedFlow& announced : flow.findings.announced) {
    if (expected_ == nullptr) break;
    IpAddress address = announced.address;
    if (announced.at == AnnouncedFlow::At::kServer) address = flow.flow.server;
    if (announced.at == AnnouncedFlow::At::kClient) address = flow.flow.client;
    expected_->announce({address, announced.port, announced.protocol}, announced.name,
                        flow.last_payload);
  }
  flow.findings.announced.clear();
}

// What its payload does not say another flow may have said before.
void Inspector::take_expected(Inspection& flow) {
  if (expected_ == nullptr) return;
  if (flow.expected.empty()) {
    const InspectedFlow& about = flow.flow;
    flow.expected = expected_->protocol_of({about.server, about.server_port, about.protocol},
                                           flow.last_payload);
    if (flow.expected.empty())
      flow.expected = expected_->protocol_of({about.client, about.client_port, about.protocol},
                                             flow.last_payload);
    if (!flow.expected.empty()) announced_flows_.add(1);
  }
  flow.findings.protocol = flow.expected;
}

void Inspector::ask_ndpi(Inspection& flow, const InspectedPacket& packet) {
  if (flow.is_ndpi_done) return;
  const bool is_inside = packet.is_tcp && !flow.has_start;
  if (is_inside && flow.payload_packets > Inspection::kMostNdpiPacketsInside) {
    // Our own dissectors may still find the begin of a message, for as long as nDPI could.
    if (flow.payload_packets < NdpiModule::kMaxPackets) return;
    flow.ndpi_verdict = ndpi_->give_up(flow.ndpi);
    flow.is_ndpi_done = true;
    return;
  }
  if (!flow.ndpi) flow.ndpi = ndpi_->begin();
  ndpi_packets_.add(1);
  flow.ndpi_verdict = ndpi_->inspect(flow.ndpi, packet.datagram, packet.when);
  flow.is_ndpi_done = flow.ndpi_verdict.is_final;
}

void Inspector::settle(Inspection& flow) {
  if (flow.findings.protocol.empty()) take_expected(flow);
  if (flow.ndpi && !flow.is_ndpi_done) flow.ndpi_verdict = ndpi_->give_up(flow.ndpi);
  if (flow.ndpi) ndpi_->copy_metadata(flow.ndpi, flow.ndpi_verdict, flow.findings.metadata);
  flow.ndpi = NdpiFlow();
  flow.is_ndpi_done = true;
  flow.is_settled = true;
  name(flow);
}

void Inspector::name(Inspection& flow) {
  flow.revision_named = flow.findings.metadata.revision();
  flow.clues_named = clues_in(flow.findings.metadata);
  flow.rider_named = flow.findings.application;
  const Evidence evidence{
      flow.findings.protocol, flow.findings.application, &flow.findings.metadata,
      &flow.ndpi_verdict,     flow.flow.client,          flow.flow.server,
      flow.flow.client_port,  flow.flow.server_port,     flow.flow.protocol};
  flow.verdict = combine(evidence, {ndpi_.get(), rules_.get()});
}

// The rest of a ClientHello or the server's certificate may tell what rides on the protocol.
void Inspector::name_better(Inspection& flow) {
  const bool is_whole =
      application_name(flow.verdict.application).find('.') != std::string_view::npos;
  if (is_whole || flow.findings.protocol.empty() || flow.times_named == Inspection::kMostNamings ||
      flow.revision_named == flow.findings.metadata.revision())
    return;
  flow.revision_named = flow.findings.metadata.revision();
  if (flow.clues_named == clues_in(flow.findings.metadata) &&
      flow.rider_named == flow.findings.application)
    return;
  ++flow.times_named;
  name(flow);
}

// What was found, or what it is called, has changed since the last look.
void Inspector::assess(Inspection& flow) {
  FlowMetadata& metadata = flow.findings.metadata;
  if (flow.is_assessed && flow.revision_assessed == metadata.revision()) return;
  const bool is_read =
      !flow.findings.protocol.empty() || flow.verdict.confidence >= Confidence::kName;
  RiskFacts facts{application_name(flow.verdict.application),
                  is_read,
                  &metadata,
                  flow.flow.client_port,
                  flow.flow.server_port,
                  flow.largest_datagram,
                  flow.began,
                  {},
                  {}};
  if (flow.application_assessed != flow.verdict.application) {
    flow.application_assessed = flow.verdict.application;
    flow.application_risks = risks_of_application(facts);
  }
  facts.application_risks = flow.application_risks;
  flow.http_risks.read(metadata, facts.protocol() != "SSDP");
  facts.http = flow.http_risks.found();
  const RiskSet risks = risks_of(facts);
  if (risks != flow.risks) set_risks(metadata, risks);
  flow.risks = risks;
  flow.revision_assessed = metadata.revision();
  flow.is_assessed = true;
}

void Inspector::conclude(Handle handle) {
  Inspection& flow = at(handle);
  for (const bool to_server : {true, false}) {
    flow.order[to_server ? 1 : 0].flush([&](const StreamPiece& piece) {
      InspectedPacket packet;
      packet.payload = piece.bytes;
      packet.is_tcp = true;
      packet.to_server = to_server;
      packet.when = piece.when;
      Payload payload = payload_of(flow, packet);
      payload.has_gap = piece.has_gap && !pass_gap(flow, to_server, piece);
      payload.is_stream_start = piece.is_start;
      feed_payload(flow, payload);
    });
  }
  if (flow.dissector != nullptr) flow.dissector->conclude(flow.findings);
  if (!flow.is_settled) settle(flow);
  assess(flow);
}

}  // namespace weir
