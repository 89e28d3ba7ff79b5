// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/record_fields.h"

#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "net/ip_protocol.h"
#include "record/applications.h"
#include "record/host_profile_fields.h"
#include "record/instance_paths.h"
#include "record/place_fields.h"
#include "record/risks.h"

namespace weir {
namespace {

constexpr uint64_t kBitsPerByte = 8;

PlainValue known(const MacAddress& mac) {
  return mac.is_known() ? PlainValue(mac) : PlainValue();
}
PlainValue known(std::string_view text) {
  return text.empty() ? PlainValue() : PlainValue(text);
}
PlainValue number(uint64_t value) {
  return value;
}

FieldValue protocol_text(uint8_t protocol) {
  const std::string_view name = protocol_name(protocol);
  return name.empty() ? FieldValue(fmt::format("IP-{}", protocol)) : FieldValue(name);
}

PlainValue tcp_flags(const FlowRecord& flow, uint8_t flags) {
  return flow.protocol == kProtocolTcp ? number(flags) : PlainValue();
}

PlainValue tcp_count(const FlowRecord& flow, uint64_t count) {
  return flow.has_tcp_quality ? number(count) : PlainValue();
}

PlainValue milliseconds(std::chrono::nanoseconds time) {
  return time.count() > 0 ? PlainValue(static_cast<double>(time.count()) * 1e-6) : PlainValue();
}

PlainValue spent(const FlowRecord& flow, TimePart part) {
  if (flow.transactions.split_count == 0) return {};
  return static_cast<double>(flow.transactions.split[part]) * 1e-6;
}

PlainValue application_latency(const FlowTransactions& transactions) {
  if (transactions.count == 0) return {};
  return static_cast<double>(transactions.first_latency_ns) * 1e-6;
}

double duration_of(const FlowRecord& flow) {
  return static_cast<double>(flow.last_seen.as_nanoseconds() - flow.first_seen.as_nanoseconds()) *
         1e-9;
}

FieldValue tunnel_of(const FlowRecord& flow) {
  return flow.tunnels.count > 0 ? FieldValue(flow.tunnels.to_string()) : FieldValue();
}

PlainValue known_interface(uint32_t index) {
  return index == 0 ? PlainValue() : number(index);
}

uint64_t class_bytes(const HostRecord& host, ProtocolClass protocol) {
  const auto index = static_cast<size_t>(protocol);
  return host.sent[index].bytes + host.received[index].bytes;
}

FieldValue risks_of(const FlowRecord& flow) {
  std::vector<std::string> names = risks_in(flow.metadata).names();
  if (names.empty()) return {};
  if (names.size() == 1) return std::move(names.front());
  return names;
}
PlainValue score_of(const FlowRecord& flow) {
  const unsigned score = risks_in(flow.metadata).score();
  return score == 0 ? PlainValue() : number(score);
}

// What occurred once stands for itself, what occurred several times is a list.
FieldValue metadata_value(const FlowRecord& flow, MetadataField field) {
  if (field == MetadataField::kRisks) return risks_of(flow);
  std::vector<std::string> texts;
  for (const MetadataEntry& entry : flow.metadata.entries()) {
    if (entry.field == field) texts.emplace_back(entry.value);
  }
  if (texts.empty()) return {};
  if (field == MetadataField::kEncryptedClientHello) return true;
  if (!is_number(field)) {
    if (texts.size() == 1) return std::move(texts.front());
    return texts;
  }
  std::vector<uint64_t> numbers;
  for (const std::string& text : texts) {
    uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    numbers.push_back(number);
  }
  if (numbers.size() == 1) return numbers.front();
  return numbers;
}

bool is_of_live_flows(FlowField field) {
  return field == FlowField::kId || field_info(field).unit == Unit::kBitsPerSecond ||
         field_info(field).unit == Unit::kPacketsPerSecond;
}

template <typename Field, typename Get>
void append_object(std::string& out, std::span<const FieldInfo> fields, Get&& get) {
  char separator = '{';
  for (size_t i = 0; i < fields.size(); ++i) {
    const FieldValue value = get(static_cast<Field>(i));
    if (std::holds_alternative<std::monostate>(value)) continue;
    out += separator;
    separator = ',';
    append_json_string(out, fields[i].name);
    out += ':';
    append_json(out, to_value(value));
  }
  out += '}';
}

}  // namespace

std::optional<MetadataField> metadata_field_of(FlowField field) {
  // They stand together in schema/fields.json, in the order of the enumerators (tested).
  const size_t index = static_cast<size_t>(field) - static_cast<size_t>(FlowField::kServerName);
  if (index >= static_cast<size_t>(MetadataField::kCount)) return std::nullopt;
  return static_cast<MetadataField>(index);
}

bool is_of_transactions(FlowField field) {
  return field >= FlowField::kTransactions && field <= FlowField::kSenderIdleMs;
}

std::optional<PlainValue> plain_flow_field(const FlowRecord& flow, FlowField field,
                                           const RecordContext& context) {
  const auto total = [&] { return flow.to_server + flow.to_client; };
  const auto rate = [&] { return flow.rate_to_server + flow.rate_to_client; };
  switch (field) {
    case FlowField::kInterface:
      return known(context.interface);
    case FlowField::kVlan:
      return flow.vlan;
    case FlowField::kProtocol:
      return number(flow.protocol);
    case FlowField::kClientIp:
      return flow.client;
    case FlowField::kClientPort:
      return number(flow.client_port);
    case FlowField::kServerIp:
      return flow.server;
    case FlowField::kServerPort:
      return number(flow.server_port);
    case FlowField::kClientIsLocal:
      return is_local(flow.client, context);
    case FlowField::kServerIsLocal:
      return is_local(flow.server, context);
    case FlowField::kClientMac:
      return known(flow.client_mac);
    case FlowField::kServerMac:
      return known(flow.server_mac);
    case FlowField::kPackets:
      return total().packets;
    case FlowField::kBytes:
      return total().bytes;
    case FlowField::kPacketsToServer:
      return flow.to_server.packets;
    case FlowField::kPacketsToClient:
      return flow.to_client.packets;
    case FlowField::kBytesToServer:
      return flow.to_server.bytes;
    case FlowField::kBytesToClient:
      return flow.to_client.bytes;
    case FlowField::kFirstSeen:
      return flow.first_seen;
    case FlowField::kLastSeen:
      return flow.last_seen;
    case FlowField::kDurationS:
      return duration_of(flow);
    case FlowField::kBitsPerSecond:
      return rate().bytes * kBitsPerByte;
    case FlowField::kBitsPerSecondToServer:
      return flow.rate_to_server.bytes * kBitsPerByte;
    case FlowField::kBitsPerSecondToClient:
      return flow.rate_to_client.bytes * kBitsPerByte;
    case FlowField::kPacketsPerSecond:
      return rate().packets;
    case FlowField::kApplication:
      return application_name(flow.application);
    case FlowField::kCategory:
      return application_category(flow.application);
    case FlowField::kConfidence:
      return flow.confidence == Confidence::kNone ? PlainValue()
                                                  : PlainValue(confidence_name(flow.confidence));
    case FlowField::kState:
      return flow_state_name(flow.state);
    case FlowField::kEndReason:
      return flow.end_reason == EndReason::kActive ? PlainValue()
                                                   : PlainValue(end_reason_name(flow.end_reason));
    case FlowField::kTcpFlagsToServer:
      return tcp_flags(flow, flow.tcp_flags_to_server);
    case FlowField::kTcpFlagsToClient:
      return tcp_flags(flow, flow.tcp_flags_to_client);
    case FlowField::kScore:
      return score_of(flow);
    case FlowField::kExporter:
      return flow.origin.exporter == IpAddress() ? PlainValue() : PlainValue(flow.origin.exporter);
    case FlowField::kInputInterface:
      return known_interface(flow.origin.input);
    case FlowField::kOutputInterface:
      return known_interface(flow.origin.output);
    case FlowField::kPath:
      return known(path_text(flow.origin.path));
    case FlowField::kInitialRttMs:
      return milliseconds(flow.round_trips.initial);
    case FlowField::kClientRttMs:
      return milliseconds(flow.round_trips.client);
    case FlowField::kServerRttMs:
      return milliseconds(flow.round_trips.server);
    case FlowField::kRetransmissionsToServer:
      return tcp_count(flow, flow.quality_to_server.retransmissions);
    case FlowField::kRetransmissionsToClient:
      return tcp_count(flow, flow.quality_to_client.retransmissions);
    case FlowField::kOutOfOrderToServer:
      return tcp_count(flow, flow.quality_to_server.out_of_order);
    case FlowField::kOutOfOrderToClient:
      return tcp_count(flow, flow.quality_to_client.out_of_order);
    case FlowField::kLostSegmentsToServer:
      return tcp_count(flow, flow.quality_to_server.lost_segments);
    case FlowField::kLostSegmentsToClient:
      return tcp_count(flow, flow.quality_to_client.lost_segments);
    case FlowField::kDuplicateAcksToServer:
      return tcp_count(flow, flow.quality_to_server.duplicate_acks);
    case FlowField::kDuplicateAcksToClient:
      return tcp_count(flow, flow.quality_to_client.duplicate_acks);
    case FlowField::kZeroWindowsToServer:
      return tcp_count(flow, flow.quality_to_server.zero_windows);
    case FlowField::kZeroWindowsToClient:
      return tcp_count(flow, flow.quality_to_client.zero_windows);
    case FlowField::kKeepAlivesToServer:
      return tcp_count(flow, flow.quality_to_server.keep_alives);
    case FlowField::kKeepAlivesToClient:
      return tcp_count(flow, flow.quality_to_client.keep_alives);
    case FlowField::kResetsToServer:
      return tcp_count(flow, flow.quality_to_server.resets);
    case FlowField::kResetsToClient:
      return tcp_count(flow, flow.quality_to_client.resets);
    case FlowField::kTransactions:
      return flow.transactions.count == 0 ? PlainValue() : number(flow.transactions.count);
    case FlowField::kApplicationLatencyMs:
      return application_latency(flow.transactions);
    case FlowField::kClientNetworkMs:
      return spent(flow, TimePart::kClientNetwork);
    case FlowField::kServerNetworkMs:
      return spent(flow, TimePart::kServerNetwork);
    case FlowField::kServerThinkingMs:
      return spent(flow, TimePart::kServerThinking);
    case FlowField::kLossRecoveryMs:
      return spent(flow, TimePart::kLossRecovery);
    case FlowField::kZeroWindowMs:
      return spent(flow, TimePart::kZeroWindow);
    case FlowField::kSenderIdleMs:
      return spent(flow, TimePart::kSenderIdle);
    default:
      return std::nullopt;
  }
}

FieldValue flow_field(const FlowRecord& flow, FlowField field, const RecordContext& context) {
  const auto plain = plain_flow_field(flow, field, context);
  return plain ? to_field_value(*plain) : other_flow_field(flow, field, context);
}

FieldValue other_flow_field(const FlowRecord& flow, FlowField field, const RecordContext& context) {
  switch (field) {
    case FlowField::kId:
      return flow_id_text(flow.id, context.shard);
    case FlowField::kProtocolName:
      return protocol_text(flow.protocol);
    case FlowField::kTunnel:
      return tunnel_of(flow);
    default:
      break;
  }
  if (auto place = place_field(flow, field, context)) return *std::move(place);
  const auto metadata = metadata_field_of(field);
  return metadata ? metadata_value(flow, *metadata) : FieldValue();
}

std::optional<PlainValue> plain_host_field(const HostRecord& host, HostField field,
                                           const RecordContext& context) {
  const auto sent = [&] { return host.total_sent(); };
  const auto received = [&] { return host.total_received(); };
  switch (field) {
    case HostField::kInterface:
      return known(context.interface);
    case HostField::kAddress:
      return host.key.address;
    case HostField::kVlan:
      return host.key.vlan;
    case HostField::kIsLocal:
      return is_local(host.key.address, context);
    case HostField::kMac:
      return known(host.mac);
    case HostField::kFirstSeen:
      return host.first_seen;
    case HostField::kLastSeen:
      return host.last_seen;
    case HostField::kPackets:
      return sent().packets + received().packets;
    case HostField::kBytes:
      return sent().bytes + received().bytes;
    case HostField::kPacketsSent:
      return sent().packets;
    case HostField::kPacketsReceived:
      return received().packets;
    case HostField::kBytesSent:
      return sent().bytes;
    case HostField::kBytesReceived:
      return received().bytes;
    case HostField::kBitsPerSecond:
      return (host.rate_sent.bytes + host.rate_received.bytes) * kBitsPerByte;
    case HostField::kBitsPerSecondSent:
      return host.rate_sent.bytes * kBitsPerByte;
    case HostField::kBitsPerSecondReceived:
      return host.rate_received.bytes * kBitsPerByte;
    case HostField::kPacketsPerSecond:
      return host.rate_sent.packets + host.rate_received.packets;
    case HostField::kFlows:
      return uint64_t{host.active_flows};
    case HostField::kTcpBytes:
      return class_bytes(host, ProtocolClass::kTcp);
    case HostField::kUdpBytes:
      return class_bytes(host, ProtocolClass::kUdp);
    case HostField::kIcmpBytes:
      return class_bytes(host, ProtocolClass::kIcmp);
    case HostField::kOtherBytes:
      return class_bytes(host, ProtocolClass::kOther);
    case HostField::kBytesError:
      return host.bytes_error == 0 ? PlainValue() : PlainValue(uint64_t{host.bytes_error});
    default:
      return plain_profile_field(host, field);
  }
}

FieldValue host_field(const HostRecord& host, HostField field, const RecordContext& context) {
  const auto plain = plain_host_field(host, field, context);
  return plain ? to_field_value(*plain) : other_host_field(host, field, context);
}

FieldValue other_host_field(const HostRecord& host, HostField field, const RecordContext& context) {
  if (field == HostField::kKey) return host_key_text(host.key);
  if (auto place = place_field(host, field, context)) return *std::move(place);
  return profile_field(host, field);
}

std::string host_key_text(const HostKey& key) {
  std::string text = key.address.to_string();
  for (size_t i = 0; i < key.vlan.count; ++i)
    text += fmt::format("{}{}", i == 0 ? '@' : '.', key.vlan.ids[i]);
  return text;
}

std::string flow_id_text(uint64_t id, uint32_t shard) {
  return fmt::format("{:x}-{:x}-{:x}", shard, id >> 32, id & 0xffffffff);
}

void append_flow_json(std::string& out, const FlowRecord& flow, const RecordContext& context) {
  append_object<FlowField>(out, kFlowFields, [&](FlowField field) {
    return is_of_live_flows(field) ? FieldValue() : flow_field(flow, field, context);
  });
}

void append_host_json(std::string& out, const HostRecord& host, const RecordContext& context) {
  append_object<HostField>(out, kHostFields,
                           [&](HostField field) { return host_field(host, field, context); });
}

}  // namespace weir
