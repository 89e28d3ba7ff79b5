// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Collector that reads what comes over ZeroMQ.
#include <fmt/format.h>

#include "collect/collector.h"
#include "collect/flow_json.h"
#include "collect/flow_tlv.h"
#include "collect/ntop_event.h"

namespace weir {
namespace {

// What a field says, as text; of TLV's numbers, too.
std::string text_of(const NtopValue& value) {
  if (!value.text.empty()) return std::string(value.text);
  switch (value.kind) {
    case NtopValue::Kind::kUnsigned:
      return fmt::format("{}", value.number);
    case NtopValue::Kind::kSigned:
      return fmt::format("{}", static_cast<int64_t>(value.number));
    default:
      return {};
  }
}

// What a `counter` message says of one interface; names as nProbe writes them.
struct CounterNotice {
  SflowInterfaceCounters counters;
  std::string_view name;

  void take(const NtopField& field) {
    struct Place {
      std::string_view name;
      uint64_t SflowInterfaceCounters::*counter;
    };
    static constexpr Place kPlaces[] = {
        {"ifSpeed", &SflowInterfaceCounters::speed_bps},
        {"ifInOctets", &SflowInterfaceCounters::in_octets},
        {"ifInPackets", &SflowInterfaceCounters::in_packets},
        {"ifInErrors", &SflowInterfaceCounters::in_errors},
        {"ifInDiscards", &SflowInterfaceCounters::in_discards},
        {"ifOutOctets", &SflowInterfaceCounters::out_octets},
        {"ifOutPackets", &SflowInterfaceCounters::out_packets},
        {"ifOutErrors", &SflowInterfaceCounters::out_errors},
        {"ifOutDiscards", &SflowInterfaceCounters::out_discards},
    };
    if (field.name == "ifName" && field.value.kind == NtopValue::Kind::kText)
      name = field.value.text;
    const auto number = ntop_number(field.value);
    if (!number) return;
    if (field.name == "ifIndex" && *number <= UINT32_MAX)
      counters.index = static_cast<uint32_t>(*number);
    if (field.name == "ifOperStatus") counters.is_up = *number == 1;
    for (const Place& place : kPlaces) {
      if (place.name == field.name) counters.*place.counter = *number;
    }
  }
};

// What an `event` message says of its sender.
struct EventNotice {
  std::string version;
  std::string system;

  void take(const NtopField& field) {
    constexpr size_t kMostBytes = 48;
    const std::string_view text = field.value.text.substr(0, kMostBytes);
    if (field.name == "probe.version") version = text;
    if (field.name == "probe.osname") system = text;
  }
};

}  // namespace

ExportError Collector::take_ntop(const ReceivedExport& message, int64_t received) {
  const auto header = read_ntop_header(message.header);
  if (!header) return refuse(ExportError::kBadHeader);
  if (ntop_ == nullptr) ntop_ = std::make_unique<Ntop>();
  ++topics_[static_cast<size_t>(header->topic)];
  std::span<const uint8_t> payload = message.bytes;
  // A message of IPFIX begins with such a byte, too.
  const bool is_marked = header->may_be_packed && header->topic != NtopTopic::kIpfix &&
                         !payload.empty() && payload[0] == 0;
  if (header->is_packed || is_marked) {
    const ExportError error = ntop_->unpacker.unpack(payload.subspan(is_marked ? 1 : 0));
    if (error != ExportError::kNone) return refuse(error);
    payload = ntop_->unpacker.bytes();
  }
  ExportPeer peer = message.peer;
  if (header->topic == NtopTopic::kIpfix) {
    // Each source of a peer has templates and numbers of its own.
    peer.source = header->source;
    return payload.size() < 2 || ByteReader(payload).u16(0) != 10
               ? refuse(ExportError::kUnknownVersion)
               : take_templated(ByteReader(payload), peer, received, ExportTransport::kZeroMq);
  }
  Exporter* const exporter = exporters_.find_or_make(
      {peer.address, 0, ExportVersion::kNtop, header->source, {}, peer.link}, received);
  if (exporter == nullptr) return refuse(ExportError::kNoRoom);
  exporter->last_heard = received;
  exporter->transport = ExportTransport::kZeroMq;
  ++exporter->counters.messages;
  exporter->counters.message_bytes += message.bytes.size();
  if (header->number) exporter->sequence.see(*header->number, 1);
  take_ntop_records(*exporter, *header, payload, received);
  return ExportError::kNone;
}

void Collector::take_ntop_records(Exporter& exporter, const NtopHeader& header,
                                  std::span<const uint8_t> payload, int64_t received) {
  const bool is_flow = header.topic == NtopTopic::kFlow;
  const bool is_notice = header.topic == NtopTopic::kEvent || header.topic == NtopTopic::kCounter;
  if (!is_flow && !is_notice) return;
  NtopKeyCache& keys = is_flow ? ntop_->flow_keys : ntop_->notice_keys;
  const std::string_view text(reinterpret_cast<const char*>(payload.data()), payload.size());
  if (is_flow && header.is_tlv) {
    take_ntop_flows(exporter, FlowTlv(payload, keys), received);
  } else if (is_flow) {
    take_ntop_flows(exporter, FlowJson(text, keys), received);
  } else if (header.is_tlv) {
    take_ntop_notices(exporter, header.topic, FlowTlv(payload, keys), received);
  } else {
    take_ntop_notices(exporter, header.topic, FlowJson(text, keys), received);
  }
}

template <typename Reader>
void Collector::take_ntop_flows(Exporter& exporter, Reader reader, int64_t received) {
  bool is_first = true;
  for (;;) {
    ntop_->record.begin();
    const auto place = reader.place();
    const auto next = reader.next([&](const NtopField& field) {
      ntop_->record.take(field);
      const bool is_other =
          field.key.kind != NtopKey::Kind::kApplicationName && field.key.element == Element::kOther;
      // As of a data set: a look at the first record is enough.
      if (is_first && is_other)
        exporter.other_fields.see(field.key.enterprise, field.key.id, field.name,
                                  text_of(field.value));
    });
    if (next == FlowJson::Next::kEnd) return;
    if (next == FlowJson::Next::kBad) {
      ++exporter.counters.errors[static_cast<size_t>(ExportError::kBadRecord)];
      continue;
    }
    is_first = false;
    if (!take_ntop_flow(exporter, received)) take_ntop_event(exporter, reader, place, received);
  }
}

bool Collector::take_ntop_flow(Exporter& exporter, int64_t received) {
  if (!ntop_->record.is_of_traffic()) return false;
  ExportTime time;
  time.received = received;
  const DataRecord& record = ntop_->record.finish(time, exporter.tells_uptime);
  take_record(exporter, record, time);
  return true;
}

template <typename Reader>
void Collector::take_ntop_event(Exporter& exporter, Reader& reader,
                                const typename Reader::Place& place, int64_t received) {
  ++exporter.counters.records;
  if (events_.size() >= kMaxEvents) {
    ++exporter.counters.events;
    ++syslog_.events_left_out;
    return;
  }
  NtopEvent event;
  reader.go_back(place);
  (void)reader.next([&](const NtopField& field) { event.take(field); });
  if (event.is_empty()) {
    ++exporter.counters.nameless;
    return;
  }
  ++exporter.counters.events;
  tell(event.finish(exporter.key.address, received));
}

template <typename Reader>
void Collector::take_ntop_notices(Exporter& exporter, NtopTopic topic, Reader reader,
                                  int64_t received) {
  for (;;) {
    CounterNotice counter;
    EventNotice event;
    const auto place = reader.place();
    const auto next = reader.next([&](const NtopField& field) {
      if (topic == NtopTopic::kCounter) counter.take(field);
      if (topic == NtopTopic::kEvent) event.take(field);
    });
    if (next == FlowJson::Next::kEnd) return;
    if (next == FlowJson::Next::kBad) {
      ++exporter.counters.errors[static_cast<size_t>(ExportError::kBadRecord)];
      continue;
    }
    if (topic == NtopTopic::kEvent && event.version.empty()) {
      take_ntop_event(exporter, reader, place, received);
      continue;
    }
    ++exporter.counters.options_records;
    if (topic == NtopTopic::kCounter && counter.counters.index != 0) {
      exporter.interfaces.report(counter.counters);
      const std::string_view name = counter.name;
      if (!name.empty())
        exporter.interfaces.name(counter.counters.index,
                                 {reinterpret_cast<const uint8_t*>(name.data()), name.size()}, {});
    }
    if (topic == NtopTopic::kEvent)
      exporter.software = event.version + (event.system.empty() ? "" : " " + event.system);
  }
}

}  // namespace weir
