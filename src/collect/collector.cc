// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/collector.h"

#include <optional>
#include <utility>

#include "collect/byte_hash.h"

namespace weir {
namespace {

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kSecond = 1'000'000'000;

// Beyond that a sum of many would wrap.
uint64_t scaled(uint64_t value, uint32_t rate) {
  constexpr uint64_t kMost = uint64_t{1} << 56;
  return value > kMost / rate ? kMost : value * rate;
}
Traffic scaled(const Traffic& traffic, uint32_t rate) {
  return {scaled(traffic.packets, rate), scaled(traffic.bytes, rate)};
}

bool is_nothing(const Traffic& traffic) {
  return traffic.packets == 0 && traffic.bytes == 0;
}

}  // namespace

Collector::Collector(const CollectorOptions& options)
    : options_(options), hash_(options.secret), observations_(hash_), totals_(hash_) {}

ExportError Collector::refuse(ExportError error) {
  ++refused_[static_cast<size_t>(error)];
  return error;
}

ExportError Collector::take(std::span<const uint8_t> message, const ExportPeer& peer,
                            int64_t received, bool is_stream) {
  return take({message, peer, is_stream ? ExportTransport::kTcp : ExportTransport::kUdp, {}},
              received);
}

ExportError Collector::take(const ReceivedExport& message, int64_t received) {
  const ExportError error = take_message(message, received);
  leave_out_duplicates();
  return error;
}

ExportError Collector::take_message(const ReceivedExport& message, int64_t received) {
  if (message.transport == ExportTransport::kZeroMq) return take_ntop(message, received);
  if (is_syslog(message.transport)) return take_syslog(message, received);
  const ExportPeer& peer = message.peer;
  const bool is_stream = message.transport == ExportTransport::kTcp;
  const ByteReader bytes(message.bytes);
  if (is_stream && message.bytes.empty()) {
    exporters_.leave(peer.address, peer.port);
    return ExportError::kNone;
  }
  if (!bytes.can_read(4)) return refuse(ExportError::kTruncated);
  const uint16_t version = bytes.u16(0);
  if (version == 0 && bytes.u16(2) == 5 && !is_stream) return take_sflow(bytes, peer, received);
  const bool has_templates = version == static_cast<uint16_t>(ExportVersion::kNetflow9) ||
                             version == static_cast<uint16_t>(ExportVersion::kIpfix);
  if (has_templates) return take_templated(bytes, peer, received, message.transport);
  return is_stream ? refuse(ExportError::kUnknownVersion) : take_fixed(bytes, peer, received);
}

Exporter* Collector::exporter_of(const ExporterKey& key, ByteReader message, int64_t received,
                                 ExportError& error) {
  Exporter* const exporter = exporters_.find_or_make(key, received);
  if (exporter == nullptr) {
    error = refuse(ExportError::kNoRoom);
    return nullptr;
  }
  error = ExportError::kNone;
  exporter->last_heard = received;
  exporter->has_left = false;
  if (exporter->repeats.is_repeat(hash_bytes(hash_, message.rest()))) {
    ++exporter->counters.repeats;
    return nullptr;
  }
  ++exporter->counters.messages;
  exporter->counters.message_bytes += message.remaining();
  return exporter;
}

void Collector::see_clock(Exporter& exporter, int64_t exported, int64_t received) {
  exporter.skew = exported - received;
  exporter.has_skew = true;
}

ExportError Collector::take_fixed(ByteReader message, const ExportPeer& peer, int64_t received) {
  FixedNetflow netflow;
  if (const ExportError error = read_fixed_netflow(message, netflow); error != ExportError::kNone)
    return refuse(error);
  ExportError error{};
  Exporter* const exporter = exporter_of(
      {peer.address, peer.port, netflow.version, netflow.engine, {}, 0}, message, received, error);
  if (exporter == nullptr) return error;
  see_clock(*exporter, netflow.exported, received);
  exporter->sampling.learn_for_all(netflow.sampling_interval);
  const ExportTime time{netflow.exported, received, netflow.uptime_ms, std::nullopt};
  uint32_t records = 0;
  while (next_fixed_record(netflow, record_)) {
    ++records;
    take_record(*exporter, record_, time);
  }
  if (records < netflow.announced)
    ++exporter->counters.errors[static_cast<size_t>(ExportError::kTruncated)];
  if (netflow.version != ExportVersion::kNetflow1)
    exporter->sequence.see(netflow.sequence, records);
  return ExportError::kNone;
}

ExportError Collector::take_templated(ByteReader message, const ExportPeer& peer, int64_t received,
                                      ExportTransport transport) {
  ExportMessage head;
  const bool is_ipfix = message.u16(0) == static_cast<uint16_t>(ExportVersion::kIpfix);
  const ExportError read = is_ipfix ? read_ipfix(message, head) : read_netflow9(message, head);
  if (read != ExportError::kNone) return refuse(read);
  ExportError error{};
  Exporter* const exporter =
      exporter_of({peer.address, peer.port, head.version, head.domain, {}, peer.link, peer.source},
                  message, received, error);
  if (exporter == nullptr) return error;
  exporter->transport = transport;
  const int64_t exported = int64_t{head.export_seconds} * kSecond;
  see_clock(*exporter, exported, received);
  ExportTime time{exported, received, std::nullopt, exporter->system_init};
  if (!is_ipfix) time.uptime_ms = head.uptime_ms;
  // What was sent again on another connection counts no more, but its templates hold for this one.
  const bool is_again =
      exporter->earlier && exporter->earlier->holds(hash_bytes(hash_, message.rest()));
  exporter->counters.repeats += is_again ? 1 : 0;
  const std::optional<uint32_t> records =
      take_sets(*exporter, head.sets, time, is_again ? Reads::kNoData : Reads::kAll);
  if (!is_ipfix) {
    exporter->sequence.see(head.sequence, 1);
  } else if (records) {
    exporter->sequence.see(head.sequence, *records);
  } else {
    exporter->sequence.see_unknown(head.sequence);
  }
  return ExportError::kNone;
}

std::optional<uint32_t> Collector::take_sets(Exporter& exporter, ByteReader sets,
                                             const ExportTime& time, Reads reads) {
  const ExportVersion version = exporter.key.version;
  const bool is_stream = exporter.is_stream();
  std::optional<uint32_t> records = 0;
  ExportSet set;
  NextSet next = next_set(sets, set);
  for (; next == NextSet::kSet; next = next_set(sets, set)) {
    if (set.id == template_set_id(version)) {
      take_templates(exporter, set, TemplateSetKind::kData, is_stream);
    } else if (set.id == options_set_id(version)) {
      take_templates(exporter, set, TemplateSetKind::kOptions, is_stream);
    } else if (set.id < ExportTemplate::kFirstId) {
      ++exporter.counters.unread_sets;
    } else if (const TemplatePointer layout = exporter.templates.find(set.id);
               reads == Reads::kNoData && (layout == nullptr || !layout->is_options())) {
      records.reset();
    } else if (layout != nullptr) {
      const uint32_t count = take_records(exporter, *layout, set.records, time);
      if (records) *records += count;
    } else {
      exporter.waiting.add(set.id, time, set.records.rest());
      records.reset();
    }
  }
  if (next == NextSet::kBad) {
    ++exporter.counters.errors[static_cast<size_t>(ExportError::kBadLength)];
    records.reset();
  }
  return records;
}

void Collector::take_templates(Exporter& exporter, const ExportSet& set, TemplateSetKind kind,
                               bool is_stream) {
  const ExportError error = read_template_set(
      set.records, exporter.key.version, kind,
      [&](const TemplateRecord& record) { put_template(exporter, record, is_stream); });
  if (error != ExportError::kNone) ++exporter.counters.errors[static_cast<size_t>(error)];
}

void Collector::put_template(Exporter& exporter, const TemplateRecord& record, bool is_stream) {
  if (record.is_withdrawal()) {
    // RFC 7011, 8.4: over UDP there is no such thing.
    if (!is_stream) return;
    const bool is_all = record.id < ExportTemplate::kFirstId;
    if (is_all) exporter.templates.withdraw_all(record.id == options_set_id(ExportVersion::kIpfix));
    if (!is_all) exporter.templates.withdraw(record.id);
    return;
  }
  const ExportError error = record.made == nullptr                 ? record.error
                            : !exporter.templates.put(record.made) ? ExportError::kNoRoom
                                                                   : ExportError::kNone;
  if (error != ExportError::kNone) {
    ++exporter.counters.errors[static_cast<size_t>(error)];
    return;
  }
  for (const WaitingSets::Set& set : exporter.waiting.take(record.id))
    (void)take_records(exporter, *record.made, ByteReader(set.bytes), set.time);
}

uint32_t Collector::take_records(Exporter& exporter, const ExportTemplate& layout,
                                 ByteReader records, ExportTime time) {
  uint32_t count = 0;
  ByteReader first = records;
  while (read_record(layout, records, record_)) {
    if (count == 0) exporter.other_fields.see(layout, first);
    ++count;
    if (layout.is_options()) {
      take_options(exporter, record_);
      time.system_init = exporter.system_init;
    } else {
      take_record(exporter, record_, time);
    }
  }
  return count;
}

void Collector::take_options(Exporter& exporter, const DataRecord& record) {
  ++exporter.counters.options_records;
  exporter.sampling.learn(record);
  if (record.has(Element::kSystemInit) && record.number(Element::kSystemInit) != 0)
    exporter.system_init = static_cast<int64_t>(std::min<uint64_t>(
                               record.number(Element::kSystemInit), uint64_t{1} << 42)) *
                           kMillisecond;
  if (!record.has(Element::kInterfaceName) && !record.has(Element::kInterfaceDescription)) return;
  const Element place = record.has(Element::kScopeInterface) ? Element::kScopeInterface
                        : record.has(Element::kInput)        ? Element::kInput
                                                             : Element::kOutput;
  if (!record.has(place)) return;
  exporter.interfaces.name(
      static_cast<uint32_t>(record.number(place)),
      record.has(Element::kInterfaceName) ? record.interface_name : std::span<const uint8_t>(),
      record.has(Element::kInterfaceDescription) ? record.interface_description
                                                 : std::span<const uint8_t>());
}

void Collector::take_record(Exporter& exporter, const DataRecord& record, const ExportTime& time) {
  ++exporter.counters.records;
  CollectedFlow flow;
  CounterKind kind = CounterKind::kDelta;
  if (record.has_addresses() || is_without_ip(record)) {
    kind = to_flow(record, exporter.key.version, flow);
  } else if (!to_packet(record, flow)) {
    ++exporter.counters.nameless;
    return;
  }
  const FlowSpan span = flow_span(record, time);
  flow.first = span.first;
  flow.last = span.last;
  if (record.has(Element::kApplicationName))
    flow.application = applications_.number_of(record.application_name);
  passed_on_.take(record, flow.origin);
  const SamplingRates::Rate rate = exporter.sampling.of(record);
  if (!rate.is_known) ++exporter.counters.unscaled;
  if (kind == CounterKind::kTotal && flow.has_ip) totals_.subtract(flow, exporter.observer);
  if (is_nothing(flow.forward) && is_nothing(flow.reverse)) {
    ++exporter.counters.events;
    return;
  }
  constexpr uint64_t kEgress = 1;
  finish_flow(exporter, flow, rate.rate, record.number(Element::kDirection) == kEgress);
}

void Collector::finish_flow(Exporter& exporter, CollectedFlow& flow, uint32_t rate,
                            bool is_egress) {
  const Traffic told = flow.forward + flow.reverse;
  flow.forward = scaled(flow.forward, rate);
  flow.reverse = scaled(flow.reverse, rate);
  exporter.interfaces.count_input(flow.origin.input, flow.forward);
  exporter.interfaces.count_output(flow.origin.output, flow.forward);
  exporter.interfaces.count_output(flow.origin.input, flow.reverse);
  exporter.interfaces.count_input(flow.origin.output, flow.reverse);
  Undecided undecided{&exporter, told, 0, {}};
  if (options_.drops_duplicates && flow.has_ip) {
    undecided.observer = exporter.observer << 1 | (is_egress ? 1 : 0);
    undecided.direction[0] = observations_.prefetch(flow, false);
    if (!is_nothing(flow.reverse)) undecided.direction[1] = observations_.prefetch(flow, true);
  }
  undecided_.push_back(undecided);
  flows_.push_back(flow);
}

void Collector::leave_out_duplicates() {
  size_t kept = flows_.size() - undecided_.size();
  for (size_t i = 0, next = kept; i < undecided_.size(); ++i, ++next) {
    CollectedFlow& flow = flows_[next];
    const Undecided& undecided = undecided_[i];
    Exporter& exporter = *undecided.exporter;
    if (undecided.observer != 0 && is_counted_by_others(undecided, flow)) continue;
    // Who passed it on may say who told of it first.
    if (flow.origin.exporter == IpAddress()) flow.origin.exporter = exporter.shown_address();
    exporter.counters.unsampled += undecided.told;
    exporter.counters.counted += flow.forward + flow.reverse;
    if (kept != next) flows_[kept] = flow;
    ++kept;
  }
  flows_.resize(kept);
  undecided_.clear();
}

bool Collector::is_counted_by_others(const Undecided& undecided, CollectedFlow& flow) {
  const auto& [exporter, told, observer, direction] = undecided;
  Traffic theirs;
  if (observations_.is_duplicate(direction[0], flow, observer)) std::swap(theirs, flow.forward);
  if (!is_nothing(flow.reverse) && observations_.is_duplicate(direction[1], flow, observer)) {
    theirs += flow.reverse;
    flow.reverse = {};
  }
  if (is_nothing(theirs)) return false;
  ++exporter->counters.duplicate_records;
  exporter->counters.duplicates += theirs;
  return is_nothing(flow.forward) && is_nothing(flow.reverse);
}

ExportError Collector::take_sflow(ByteReader message, const ExportPeer& peer, int64_t received) {
  SflowDatagram datagram;
  if (const ExportError error = read_sflow(message, datagram); error != ExportError::kNone)
    return refuse(error);
  ExportError error{};
  Exporter* const exporter =
      exporter_of({peer.address, peer.port, ExportVersion::kSflow5, datagram.sub_agent,
                   datagram.agent == peer.address ? IpAddress() : datagram.agent, 0},
                  message, received, error);
  if (exporter == nullptr) return error;
  SflowSample sample;
  NextSample next = next_sample(datagram, sample);
  for (; next == NextSample::kSample; next = next_sample(datagram, sample))
    take_sample(*exporter, sample, received);
  if (next == NextSample::kBad)
    ++exporter->counters.errors[static_cast<size_t>(ExportError::kBadLength)];
  exporter->sequence.see(datagram.sequence, 1);
  return ExportError::kNone;
}

void Collector::take_sample(Exporter& exporter, const SflowSample& sample, int64_t received) {
  switch (sample.kind) {
    case SampleKind::kFlow:
      break;
    case SampleKind::kCounters: {
      ++exporter.counters.options_records;
      const SflowCounters counters = read_counters(sample);
      if (counters.interface) exporter.interfaces.report(*counters.interface);
      const uint32_t index = counters.interface ? counters.interface->index : sample.source;
      if (!counters.port_name.empty()) exporter.interfaces.name(index, counters.port_name, {});
      return;
    }
    case SampleKind::kDiscarded:
      ++exporter.counters.events;
      return;
    case SampleKind::kOther:
      ++exporter.counters.unread_sets;
      return;
  }
  ++exporter.counters.records;
  CollectedFlow flow;
  if (!read_sampled_packet(sample, flow)) {
    ++exporter.counters.nameless;
    return;
  }
  flow.first = flow.last = Timestamp::from_nanoseconds(received);
  flow.counts_frames = true;
  flow.origin.input = sample.input;
  flow.origin.output = sample.output;
  exporter.sampling.learn_for_all(sample.rate);
  const uint32_t rate =
      sample.rate == 0 || sample.rate > SamplingRates::kMostBelieved ? 1 : sample.rate;
  // An agent may sample a packet where it comes in and where it goes out. The number of a source of
  // another class is none of an interface.
  constexpr uint32_t kInterface = 0;
  const bool is_egress = sample.source_class == kInterface && sample.source != 0 &&
                         sample.source == sample.output && sample.source != sample.input;
  finish_flow(exporter, flow, rate, is_egress);
}

void Collector::pass_second(int64_t now) {
  exporters_.expire(now);
  exporters_.visit([now](Exporter& exporter) {
    exporter.waiting.expire(now);
    const ExporterCounters& before = exporter.a_second_ago;
    const ExporterCounters& counters = exporter.counters;
    exporter.rate = {counters.counted.packets - before.counted.packets,
                     counters.counted.bytes - before.counted.bytes};
    exporter.records_per_second = counters.records - before.records;
    exporter.a_second_ago = counters;
  });
}

void Collector::restore_template(const ExporterKey& key, TemplatePointer made, int64_t now) {
  Exporter* const exporter = exporters_.find_or_make(key, now);
  if (exporter != nullptr) (void)exporter->templates.put(std::move(made));
}

}  // namespace weir
