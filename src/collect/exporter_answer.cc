// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/exporter_answer.h"

#include <array>
#include <map>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace weir {
namespace {

double seconds_of(int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) * 1e-9;
}

Value traffic_answer(const Traffic& traffic) {
  Value answer;
  answer.set("packets", traffic.packets);
  answer.set("bytes", traffic.bytes);
  return answer;
}

Value counters_answer(const SflowInterfaceCounters& counters) {
  Value answer;
  answer.set("speed_bps", counters.speed_bps);
  answer.set("is_up", counters.is_up);
  answer.set("in_bytes", counters.in_octets);
  answer.set("in_packets", counters.in_packets);
  answer.set("in_errors", counters.in_errors);
  answer.set("in_discards", counters.in_discards);
  answer.set("out_bytes", counters.out_octets);
  answer.set("out_packets", counters.out_packets);
  answer.set("out_errors", counters.out_errors);
  answer.set("out_discards", counters.out_discards);
  return answer;
}

Value interfaces_answer(const ExporterInterfaces& interfaces) {
  Value::Array rows;
  for (const ExporterInterface& interface : interfaces.list()) {
    Value row;
    row.set("index", interface.index);
    if (!interface.name.empty()) row.set("name", interface.name);
    if (!interface.description.empty()) row.set("description", interface.description);
    row.set("input", traffic_answer(interface.input));
    row.set("output", traffic_answer(interface.output));
    if (interface.counters) row.set("counters", counters_answer(*interface.counters));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string hex_of(std::span<const uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

Value fields_answer(const OtherFields& other) {
  Value::Array rows;
  for (const auto& [key, field] : other.fields()) {
    Value row;
    row.set("field", key.first == 0 ? fmt::format("{}", key.second)
                                    : fmt::format("{}.{}", key.first, key.second));
    row.set("sets", field.sets);
    row.set("last_value", hex_of(field.last_value));
    rows.push_back(std::move(row));
  }
  for (const auto& [name, field] : other.named()) {
    Value row;
    row.set("field", name);
    row.set("sets", field.sets);
    row.set("last_value", hex_of(field.last_value));
    rows.push_back(std::move(row));
  }
  return rows;
}

Value errors_answer(const std::array<uint64_t, kExportErrors>& errors) {
  Value answer{Value::Object{}};
  for (size_t i = 1; i < errors.size(); ++i) {
    if (errors[i] > 0) answer.set(export_error_name(static_cast<ExportError>(i)), errors[i]);
  }
  return answer;
}

std::string_view transport_name(ExportTransport transport) {
  constexpr std::array<std::string_view, 5> kNames{"UDP", "TCP", "ZeroMQ", "UDP", "TCP"};
  return kNames[static_cast<size_t>(transport)];
}

// Those that came.
Value topics_answer(const std::array<uint64_t, kNtopTopics>& topics) {
  Value answer{Value::Object{}};
  for (size_t i = 0; i < topics.size(); ++i) {
    if (topics[i] > 0) answer.set(ntop_topic_name(static_cast<NtopTopic>(i)), topics[i]);
  }
  return answer;
}

void set_sequence(Value& row, const Exporter& exporter) {
  row.set("sequence_lost", exporter.sequence.lost());
  row.set("sequence_gaps", exporter.sequence.gaps());
  row.set("late_messages", exporter.sequence.late());
  row.set("restarts", exporter.sequence.restarts());
  row.set("repeated_messages", exporter.counters.repeats);
}

}  // namespace

std::string_view export_version_name(ExportVersion version) {
  switch (version) {
    case ExportVersion::kSflow5:
      return "sFlow v5";
    case ExportVersion::kSyslog:
      return "syslog";
    case ExportVersion::kNetflow1:
      return "NetFlow v1";
    case ExportVersion::kNtop:
      return "ntop";
    case ExportVersion::kNetflow5:
      return "NetFlow v5";
    case ExportVersion::kNetflow7:
      return "NetFlow v7";
    case ExportVersion::kNetflow9:
      return "NetFlow v9";
    case ExportVersion::kIpfix:
      return "IPFIX";
  }
  return {};
}

Value exporter_answer(const Exporter& exporter, std::string_view interface) {
  constexpr uint64_t kBitsPerByte = 8;
  const ExporterCounters& counters = exporter.counters;
  Value row;
  row.set("id", fmt::format("{}-{}", interface, exporter.number));
  row.set("interface", interface);
  row.set("address", exporter.shown_address().to_string());
  row.set("source_ip", exporter.key.address.to_string());
  row.set("source_port", uint64_t{exporter.key.port});
  row.set("version", export_version_name(exporter.key.version));
  row.set("transport", transport_name(exporter.transport));
  row.set("domain", exporter.key.domain);
  if (!exporter.software.empty()) row.set("software", exporter.software);
  row.set("first_seen", seconds_of(exporter.first_heard));
  row.set("last_seen", seconds_of(exporter.last_heard));
  row.set("messages", counters.messages);
  row.set("message_bytes", counters.message_bytes);
  row.set("records", counters.records);
  row.set("records_per_second", exporter.records_per_second);
  row.set("packets", counters.counted.packets);
  row.set("bytes", counters.counted.bytes);
  row.set("bits_per_second", exporter.rate.bytes * kBitsPerByte);
  row.set("packets_per_second", exporter.rate.packets);
  row.set("templates", uint64_t{exporter.templates.size()});
  row.set("options_records", counters.options_records);
  row.set("events", counters.events);
  if (const uint32_t rate = exporter.sampling.common(); rate != 0) row.set("sampling", rate);
  set_sequence(row, exporter);
  row.set("duplicate_records", counters.duplicate_records);
  row.set("duplicate_bytes", counters.duplicates.bytes);
  if (exporter.has_skew) row.set("clock_skew_s", seconds_of(exporter.skew));
  row.set("completeness", exporter.completeness());
  row.set("waiting_sets", uint64_t{exporter.waiting.size()});
  row.set("dropped_sets", exporter.waiting.dropped());
  row.set("unscaled_records", counters.unscaled);
  row.set("absurd_sampling", exporter.sampling.absurd());
  row.set("unread_records", counters.nameless);
  row.set("unread_sets", counters.unread_sets);
  row.set("errors", errors_answer(counters.errors));
  row.set("interfaces", interfaces_answer(exporter.interfaces));
  row.set("other_fields", fields_answer(exporter.other_fields));
  return row;
}

Value collector_answer(const Collector& collector, const ListenStatistics& sockets) {
  const ExporterTable& exporters = collector.exporters();
  Value answer;
  answer.set("datagrams", sockets.datagrams);
  answer.set("kernel_drops", sockets.kernel_drops);
  answer.set("cut_datagrams", sockets.cut);
  answer.set("buffer_bytes", uint64_t{sockets.buffer_bytes});
  answer.set("connections", uint64_t{sockets.open});
  answer.set("accepted_connections", sockets.accepted);
  answer.set("refused_connections", sockets.refused);
  answer.set("idle_connections", sockets.idle);
  answer.set("foreign_connections", sockets.foreign);
  answer.set("too_long", sockets.too_long);
  answer.set("refused", errors_answer(collector.refused()));
  if (sockets.zmq) {
    answer.set("topics", topics_answer(collector.topics()));
    answer.set("misshapen_messages", sockets.misshapen);
    answer.set("zeromq", link_answer(*sockets.zmq));
    answer.set("events_left_out", collector.syslog().events_left_out);
  }
  if (const SyslogCounters& syslog = collector.syslog(); syslog.messages != 0) {
    Value told;
    told.set("messages", syslog.messages);
    told.set("netfilter", syslog.netfilter);
    told.set("eve_flows", syslog.eve_flows);
    told.set("eve_others", syslog.eve_others);
    told.set("events_left_out", syslog.events_left_out);
    answer.set("syslog", std::move(told));
  }
  answer.set("applications_left_out", collector.applications().left_out());
  answer.set("exporters", uint64_t{exporters.size()});
  answer.set("exporters_evicted", exporters.evicted());
  answer.set("exporters_refused", exporters.refused());
  answer.set("template_bytes", uint64_t{exporters.budgets().templates.used()});
  answer.set("waiting_bytes", uint64_t{exporters.budgets().waiting.used()});
  answer.set("interface_bytes", uint64_t{exporters.budgets().interfaces.used()});
  answer.set("sampling_bytes", uint64_t{exporters.budgets().sampling.used()});
  answer.set("other_field_bytes", uint64_t{exporters.budgets().other_fields.used()});
  uint64_t evicted = 0;
  uint64_t interfaces = 0;
  uint64_t fields = 0;
  exporters.visit([&](const Exporter& exporter) {
    evicted += exporter.templates.evicted();
    interfaces += exporter.interfaces.refused();
    fields += exporter.other_fields.left_out();
  });
  answer.set("templates_evicted", evicted);
  answer.set("interfaces_refused", interfaces);
  answer.set("fields_left_out", fields);
  answer.set("observations_forgotten", collector.observations().forgotten());
  answer.set("totals_forgotten", collector.totals().forgotten());
  answer.set("ways_refused", collector.passed_on().refused());
  return answer;
}

double completeness(const ExporterTable& exporters) {
  double sum = 0;
  double weight = 0;
  exporters.visit([&](const Exporter& exporter) {
    const auto records = static_cast<double>(exporter.counters.records);
    sum += records * exporter.completeness();
    weight += records;
  });
  return weight == 0 ? 1 : sum / weight;
}

}  // namespace weir
