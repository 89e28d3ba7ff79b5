// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/ipfix_encoder.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "export/wire_writer.h"
#include "record/applications.h"
#include "record/instance_paths.h"
#include "record/weir_fields.h"

namespace weir {
namespace {

constexpr uint16_t kVersion = 10;
constexpr uint16_t kTemplateSet = 2;
constexpr size_t kMessageHeader = 16;
constexpr size_t kSetHeader = 4;
constexpr uint16_t kVariable = 65535;
constexpr uint16_t kOfEnterprise = 0x8000;
constexpr uint32_t kReverse = 29305;  // RFC 5103

struct Field {
  uint16_t id;
  uint16_t length;
  uint32_t enterprise = 0;
};

constexpr Field ours(WeirField field, uint16_t length) {
  return {static_cast<uint16_t>(field), length, kWeirEnterprise};
}

// In the order of append_record(). Of addresses the first four stand for both versions.
constexpr std::array kCommon = {
    Field{7, 2},            // sourceTransportPort
    Field{11, 2},           // destinationTransportPort
    Field{4, 1},            // protocolIdentifier
    Field{239, 1},          // biflowDirection: 1, the initiator's
    Field{6, 2},            // tcpControlBits
    Field{6, 2, kReverse},  //
    Field{2, 8},            // packetDeltaCount
    Field{2, 8, kReverse},  //
    Field{1, 8},            // octetDeltaCount
    Field{1, 8, kReverse},  //
    Field{152, 8},          // flowStartMilliseconds
    Field{153, 8},          // flowEndMilliseconds
    Field{136, 1},          // flowEndReason
    Field{58, 2},           // vlanId
    Field{245, 2},          // dot1qCustomerVlanId
    Field{56, 6},           // sourceMacAddress
    Field{80, 6},           // destinationMacAddress
    Field{10, 4},           // ingressInterface
    Field{14, 4},           // egressInterface
    Field{96, kVariable},   // applicationName
    ours(WeirField::kWireOctets, 8),
    ours(WeirField::kReverseWireOctets, 8),
    ours(WeirField::kClientRoundTrip, 4),
    ours(WeirField::kServerRoundTrip, 4),
    ours(WeirField::kRetransmissions, 4),
    ours(WeirField::kReverseRetransmissions, 4),
    ours(WeirField::kExporter, 16),
    ours(WeirField::kPath, kVariable),
    ours(WeirField::kServerName, kVariable),
};

void append_field(WireWriter& wire, const Field& field) {
  wire.u16(field.enterprise == 0 ? field.id : static_cast<uint16_t>(field.id | kOfEnterprise));
  wire.u16(field.length);
  if (field.enterprise != 0) wire.u32(field.enterprise);
}

void append_template(WireWriter& wire, uint16_t id, const std::array<Field, 2>& addresses) {
  wire.u16(id);
  wire.u16(static_cast<uint16_t>(addresses.size() + kCommon.size()));
  for (const Field& field : addresses) append_field(wire, field);
  for (const Field& field : kCommon) append_field(wire, field);
}

std::string make_template_set() {
  std::string templates;
  WireWriter wire(templates);
  append_template(wire, IpfixEncoder::kTemplateV4, {Field{8, 4}, Field{12, 4}});
  append_template(wire, IpfixEncoder::kTemplateV6, {Field{27, 16}, Field{28, 16}});
  std::string set;
  WireWriter head(set);
  head.u16(kTemplateSet);
  head.u16(static_cast<uint16_t>(kSetHeader + templates.size()));
  return set + templates;
}

const std::string& template_set() {
  static const std::string set = make_template_set();
  return set;
}

uint32_t seconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

void append_header(std::string& out, size_t length, uint32_t sequence) {
  WireWriter wire(out);
  wire.u16(kVersion);
  wire.u16(static_cast<uint16_t>(length));
  wire.u32(seconds_now());
  wire.u32(sequence);
  wire.u32(0);  // observation domain
}

// Without what frames hold besides their IP datagrams. Short frames are filled up, so that it is no
// more than near.
uint64_t datagram_octets(const ExportedFlow& exported, const Traffic& traffic) {
  constexpr uint64_t kEthernet = 14;
  constexpr uint64_t kTag = 4;
  if (!exported.counts_frames) return traffic.bytes;
  const uint64_t around = (kEthernet + kTag * exported.flow.vlan.count) * traffic.packets;
  return traffic.bytes > around ? traffic.bytes - around : 0;
}

uint64_t milliseconds(Timestamp time) {
  return static_cast<uint64_t>(time.as_nanoseconds()) / 1'000'000;
}

uint32_t microseconds(std::chrono::nanoseconds time) {
  return static_cast<uint32_t>(std::clamp<int64_t>(time.count() / 1000, 0, UINT32_MAX));
}

// IPFIX: 1 idle timeout, 2 active timeout, 3 end of flow detected, 4 forced end, 5 lack of
// resources.
uint8_t end_reason(EndReason reason) {
  switch (reason) {
    case EndReason::kActive:
      return 2;
    case EndReason::kIdle:
      return 1;
    case EndReason::kClosed:
    case EndReason::kReused:
      return 3;
    case EndReason::kEvicted:
      return 5;
    case EndReason::kEnd:
      break;
  }
  return 4;
}

void append_record(WireWriter& wire, const ExportedFlow& exported) {
  const FlowRecord& flow = exported.flow;
  wire.u16(flow.client_port);
  wire.u16(flow.server_port);
  wire.u8(flow.protocol);
  wire.u8(1);
  wire.u16(flow.tcp_flags_to_server);
  wire.u16(flow.tcp_flags_to_client);
  wire.u64(flow.to_server.packets);
  wire.u64(flow.to_client.packets);
  wire.u64(datagram_octets(exported, flow.to_server));
  wire.u64(datagram_octets(exported, flow.to_client));
  wire.u64(milliseconds(flow.first_seen));
  wire.u64(milliseconds(flow.last_seen));
  wire.u8(end_reason(flow.end_reason));
  wire.u16(flow.vlan.count > 0 ? flow.vlan.ids[0] : uint16_t{0});
  wire.u16(flow.vlan.count > 1 ? flow.vlan.ids[1] : uint16_t{0});
  wire.bytes(flow.client_mac.bytes);
  wire.bytes(flow.server_mac.bytes);
  wire.u32(flow.origin.input);
  wire.u32(flow.origin.output);
  const bool is_named = flow.application != kApplicationUnknown;
  wire.text(is_named ? application_name(flow.application) : std::string_view());
  wire.u64(flow.to_server.bytes);
  wire.u64(flow.to_client.bytes);
  wire.u32(microseconds(flow.round_trips.client));
  wire.u32(microseconds(flow.round_trips.server));
  wire.u32(static_cast<uint32_t>(flow.quality_to_server.retransmissions));
  wire.u32(static_cast<uint32_t>(flow.quality_to_client.retransmissions));
  wire.bytes(flow.origin.exporter.bytes());
  wire.text(path_text(flow.origin.path));
  wire.text(flow.metadata.first(MetadataField::kServerName));
}

}  // namespace

size_t IpfixEncoder::size() const {
  size_t size = kMessageHeader + template_set().size();
  for (const Set& set : sets_) size += set.records.empty() ? 0 : kSetHeader + set.records.size();
  return size;
}

void IpfixEncoder::add(const ExportedFlow& flow, const RecordContext& /*context*/,
                       std::vector<Message>& out) {
  const bool is_v4 = flow.flow.client.is_v4() && flow.flow.server.is_v4();
  std::string record;
  WireWriter wire(record);
  for (const IpAddress& end : {flow.flow.client, flow.flow.server}) {
    if (is_v4) {
      wire.v4(end.bytes());
    } else {
      wire.bytes(end.bytes());
    }
  }
  append_record(wire, flow);
  if (size() + kSetHeader + record.size() > most_bytes_) flush(out);
  sets_[is_v4 ? 0 : 1].records += record;
  ++waiting_;
}

void IpfixEncoder::flush(std::vector<Message>& out) {
  if (waiting_ == 0) return;
  std::string body = template_set();
  for (Set& set : sets_) {
    if (set.records.empty()) continue;
    WireWriter wire(body);
    wire.u16(set.id);
    wire.u16(static_cast<uint16_t>(kSetHeader + set.records.size()));
    body += set.records;
    set.records.clear();
  }
  Message message;
  message.flows = waiting_;
  append_header(message.bytes, kMessageHeader + body.size(), sequence_);
  message.bytes += body;
  sequence_ += waiting_;
  waiting_ = 0;
  out.push_back(std::move(message));
}

void IpfixEncoder::stamp(Message& message) const {
  constexpr size_t kExportTime = 4;
  std::string time;
  WireWriter(time).u32(seconds_now());
  message.bytes.replace(kExportTime, time.size(), time);
}

}  // namespace weir
