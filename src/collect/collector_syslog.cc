// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Collector that reads messages of syslog: packets that netfilter logged, what Suricata
// says of flows, and events.
#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "collect/collector.h"
#include "collect/event_head.h"
#include "collect/flow_json.h"
#include "collect/netfilter_line.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

constexpr size_t kMostText = 1024;  // of an event's message
constexpr size_t kMostName = 255;

std::string_view cut(std::string_view text, size_t most) {
  return text.substr(0, most);
}

void set_text(Value& event, std::string_view name, std::string_view text, size_t most = kMostName) {
  if (!text.empty()) event.set(name, cut(text, most));
}

void set_ends(Value& event, const IpAddress& source, uint16_t source_port,
              const IpAddress& destination, uint16_t destination_port) {
  event.set("source_ip", source.to_string());
  if (source_port != 0) event.set("source_port", uint64_t{source_port});
  event.set("destination_ip", destination.to_string());
  if (destination_port != 0) event.set("destination_port", uint64_t{destination_port});
}

Value event_of(std::string_view kind, const SyslogLine& line, const IpAddress& sender,
               int64_t received) {
  Value event = event_head(kind, sender, received);
  set_text(event, "host", line.host);
  set_text(event, "program", line.program);
  event.set("severity", uint64_t{line.severity});
  return event;
}

// What one record of Suricata's EVE says, as far as weir asks.
struct EveRecord {
  std::string event_type;
  std::string application;
  std::string signature;
  std::string start;
  std::string end;
  std::string protocol;
  IpAddress source;
  IpAddress destination;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint64_t severity = 0;  // of an alert; 1 is the worst
  Traffic to_server;
  Traffic to_client;

  void take(const NtopField& field) {
    if (field.value.kind == NtopValue::Kind::kText) {
      take_text(field.name, field.value.text);
    } else if (field.value.kind == NtopValue::Kind::kUnsigned) {
      take_number(field.name, field.value.number);
    }
  }

 private:
  void take_text(std::string_view name, std::string_view text) {
    struct Place {
      std::string_view name;
      std::string EveRecord::*text;
    };
    static constexpr Place kPlaces[] = {
        {"event_type", &EveRecord::event_type}, {"app_proto", &EveRecord::application},
        {"flow.start", &EveRecord::start},      {"flow.end", &EveRecord::end},
        {"proto", &EveRecord::protocol},        {"alert.signature", &EveRecord::signature},
    };
    for (const Place& place : kPlaces) {
      if (place.name == name) this->*place.text = cut(text, kMostName);
    }
    if (name == "src_ip") source = IpAddress::parse(text).value_or(IpAddress());
    if (name == "dest_ip") destination = IpAddress::parse(text).value_or(IpAddress());
  }
  void take_number(std::string_view name, uint64_t number) {
    struct Place {
      std::string_view name;
      Traffic EveRecord::*traffic;
      uint64_t Traffic::*count;
    };
    static constexpr Place kPlaces[] = {
        {"flow.pkts_toserver", &EveRecord::to_server, &Traffic::packets},
        {"flow.pkts_toclient", &EveRecord::to_client, &Traffic::packets},
        {"flow.bytes_toserver", &EveRecord::to_server, &Traffic::bytes},
        {"flow.bytes_toclient", &EveRecord::to_client, &Traffic::bytes},
    };
    for (const Place& place : kPlaces) {
      if (place.name == name) this->*place.traffic.*place.count = number;
    }
    if (name == "src_port" && number <= UINT16_MAX) source_port = static_cast<uint16_t>(number);
    if (name == "dest_port" && number <= UINT16_MAX)
      destination_port = static_cast<uint16_t>(number);
    if (name == "alert.severity") severity = number;
  }
};

// Suricata writes "tls" and, where it could not tell, "failed".
std::string application_of(const EveRecord& record) {
  if (record.application == "failed") return {};
  std::string name = record.application;
  for (char& c : name) c = ascii_upper(c);
  return name;
}

bool looks_like_eve(std::string_view text) {
  return !text.empty() && text.front() == '{' &&
         text.find("\"event_type\"") != std::string_view::npos;
}

}  // namespace

ExportError Collector::take_syslog(const ReceivedExport& message, int64_t received) {
  if (message.bytes.empty()) return refuse(ExportError::kTruncated);
  Exporter* const exporter = exporters_.find_or_make(
      {message.peer.address, 0, ExportVersion::kSyslog, 0, {}, 0}, received);
  if (exporter == nullptr) return refuse(ExportError::kNoRoom);
  exporter->last_heard = received;
  exporter->transport = message.transport;
  ++exporter->counters.messages;
  exporter->counters.message_bytes += message.bytes.size();
  ++syslog_.messages;
  const SyslogLine line =
      read_syslog_line({reinterpret_cast<const char*>(message.bytes.data()), message.bytes.size()});
  if (take_netfilter(*exporter, line, received) || take_eve(*exporter, line, received))
    return ExportError::kNone;
  ++exporter->counters.events;
  Value event = event_of("syslog", line, message.peer.address, received);
  event.set("facility", uint64_t{line.facility});
  set_text(event, "message_id", line.message_id);
  event.set("message", cut(line.text, kMostText));
  tell(std::move(event));
  return ExportError::kNone;
}

void Collector::tell(Value event) {
  if (events_.size() >= kMaxEvents) {
    ++syslog_.events_left_out;
    return;
  }
  events_.push_back(std::move(event));
}

void Collector::take_syslog_flow(Exporter& exporter, CollectedFlow& flow) {
  ++exporter.counters.records;
  constexpr uint32_t kUnsampled = 1;
  finish_flow(exporter, flow, kUnsampled, false);
}

bool Collector::take_netfilter(Exporter& exporter, const SyslogLine& line, int64_t received) {
  if (!tells_of_netfilter(line.program)) return false;
  const auto packet = read_netfilter_line(line.text);
  if (!packet) return false;
  ++syslog_.netfilter;
  Value event = event_of("netfilter", line, exporter.key.address, received);
  set_text(event, "prefix", packet->prefix);
  set_text(event, "input", packet->input);
  set_text(event, "output", packet->output);
  event.set("protocol", uint64_t{packet->protocol});
  set_ends(event, packet->source, packet->source_port, packet->destination,
           packet->destination_port);
  event.set("bytes", uint64_t{packet->bytes});
  tell(std::move(event));
  CollectedFlow flow;
  flow.source = packet->source;
  flow.destination = packet->destination;
  flow.source_port = packet->source_port;
  flow.destination_port = packet->destination_port;
  flow.protocol = packet->protocol;
  flow.tcp_flags = packet->tcp_flags;
  flow.first = flow.last = Timestamp::from_nanoseconds(received);
  flow.forward = {1, packet->bytes};
  take_syslog_flow(exporter, flow);
  return true;
}

bool Collector::take_eve(Exporter& exporter, const SyslogLine& line, int64_t received) {
  if (!looks_like_eve(line.text)) return false;
  EveRecord record;
  FlowJson reader(line.text, eve_keys_);
  if (reader.next([&](const NtopField& field) { record.take(field); }) != FlowJson::Next::kRecord) {
    ++exporter.counters.errors[static_cast<size_t>(ExportError::kBadRecord)];
    return true;
  }
  const bool has_ends = record.source != IpAddress() && record.destination != IpAddress();
  if (record.event_type != "flow" || !has_ends) {
    ++syslog_.eve_others;
    ++exporter.counters.events;
    Value event = event_of("suricata", line, exporter.key.address, received);
    set_text(event, "type", record.event_type);
    set_text(event, "signature", record.signature);
    if (record.severity != 0) event.set("alert_severity", record.severity);
    set_text(event, "protocol_name", record.protocol);
    if (has_ends)
      set_ends(event, record.source, record.source_port, record.destination,
               record.destination_port);
    tell(std::move(event));
    return true;
  }
  ++syslog_.eve_flows;
  CollectedFlow flow;
  flow.source = record.source;
  flow.destination = record.destination;
  flow.protocol = protocol_number(record.protocol).value_or(0);
  if (has_ports(flow.protocol)) {
    flow.source_port = record.source_port;
    flow.destination_port = record.destination_port;
  }
  flow.source_began = true;
  flow.counts_frames = true;
  flow.forward = record.to_server;
  flow.reverse = record.to_client;
  if (flow.forward == Traffic() && flow.reverse == Traffic()) {
    ++exporter.counters.events;
    return true;
  }
  const int64_t end = std::min(read_date_time(record.end).value_or(received), received);
  const int64_t start = std::min(read_date_time(record.start).value_or(end), end);
  flow.first = Timestamp::from_nanoseconds(start);
  flow.last = Timestamp::from_nanoseconds(end);
  const std::string application = application_of(record);
  if (!application.empty())
    flow.application = applications_.number_of(
        {reinterpret_cast<const uint8_t*>(application.data()), application.size()});
  take_syslog_flow(exporter, flow);
  return true;
}

}  // namespace weir
