// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/sflow.h"

#include <algorithm>
#include <array>

#include "collect/decoded_flow.h"
#include "collect/record_flow.h"
#include "decode/decode.h"
#include "net/ip_protocol.h"
#include "net/packet_view.h"

namespace weir {
namespace {

constexpr uint32_t kAddressV4 = 1;
constexpr uint32_t kAddressV6 = 2;

// What a data_format of enterprise 0 says a sample or a record is; of samples and of records of
// flows and of counters the numbers are their own.
constexpr uint32_t kFlowSample = 1;
constexpr uint32_t kCounterSample = 2;
constexpr uint32_t kExpandedFlowSample = 3;
constexpr uint32_t kExpandedCounterSample = 4;
constexpr uint32_t kDiscardedPacket = 5;

constexpr uint32_t kRawHeader = 1;
constexpr uint32_t kSampledEthernet = 2;
constexpr uint32_t kSampledIpv4 = 3;
constexpr uint32_t kSampledIpv6 = 4;
constexpr uint32_t kExtendedSwitch = 1001;
constexpr uint32_t kExtendedGateway = 1003;

constexpr uint32_t kInterfaceCounters = 1;
constexpr uint32_t kPortName = 1005;

constexpr size_t kRecordHead = 8;

// An address of kind u32 and 4 or 16 bytes; moves behind it.
bool read_address(ByteReader& bytes, IpAddress& address) {
  const uint32_t kind = bytes.u32(0);
  const size_t length = kind == kAddressV4 ? 4 : kind == kAddressV6 ? 16 : 0;
  if (!bytes.can_read(4 + length) || kind > kAddressV6) return false;
  address = {};
  if (kind == kAddressV4) address = IpAddress::from_v4(bytes.data() + 4);
  if (kind == kAddressV6) address = IpAddress::from_v6(bytes.data() + 4);
  bytes.skip(4 + length);
  return true;
}

// A record or sample: its format and its bytes; moves behind it. False when it does not end here.
bool next_record(ByteReader& bytes, uint32_t& format, ByteReader& record) {
  if (!bytes.can_read(kRecordHead)) return false;
  format = bytes.u32(0);
  const size_t length = bytes.u32(4);
  bytes.skip(kRecordHead);
  if (!bytes.can_read(length)) return false;
  record = bytes;
  record.truncate(length);
  bytes.skip(length);
  return true;
}

// Index of an interface: not the reason of a drop, not "several", not the agent itself.
uint32_t interface_of(uint32_t format, uint32_t value) {
  constexpr uint32_t kInternal = 0x3fffffff;
  return format != 0 || value == kInternal ? 0 : value;
}
uint32_t compact_interface(uint32_t value) {
  return interface_of(value >> 30, value & 0x3fffffff);
}

bool read_flow_head(ByteReader& bytes, bool is_expanded, SflowSample& sample) {
  const size_t source_bytes = is_expanded ? 8 : 4;
  const size_t length = is_expanded ? 44 : 32;
  if (!bytes.can_read(length)) return false;
  sample.sequence = bytes.u32(0);
  sample.source_class = is_expanded ? bytes.u32(4) : bytes.u8(4);
  sample.source = is_expanded ? bytes.u32(8) : bytes.u24(5);
  size_t at = 4 + source_bytes;
  sample.rate = bytes.u32(at);
  sample.pool = bytes.u32(at + 4);
  sample.drops = bytes.u32(at + 8);
  at += 12;
  if (is_expanded) {
    sample.input = interface_of(bytes.u32(at), bytes.u32(at + 4));
    sample.output = interface_of(bytes.u32(at + 8), bytes.u32(at + 12));
  } else {
    sample.input = compact_interface(bytes.u32(at));
    sample.output = compact_interface(bytes.u32(at + 4));
  }
  bytes.skip(length);
  return true;
}

bool read_counter_head(ByteReader& bytes, bool is_expanded, SflowSample& sample) {
  const size_t length = is_expanded ? 16 : 12;
  if (!bytes.can_read(length)) return false;
  sample.sequence = bytes.u32(0);
  sample.source_class = is_expanded ? bytes.u32(4) : bytes.u8(4);
  sample.source = is_expanded ? bytes.u32(8) : bytes.u24(5);
  bytes.skip(length);
  return true;
}

bool read_discarded_head(ByteReader& bytes, SflowSample& sample) {
  constexpr size_t kLength = 32;
  if (!bytes.can_read(kLength)) return false;
  sample.sequence = bytes.u32(0);
  sample.source_class = bytes.u32(4);
  sample.source = bytes.u32(8);
  sample.drops = bytes.u32(12);
  sample.input = bytes.u32(16);
  sample.output = bytes.u32(20);
  bytes.skip(kLength);
  return true;
}

bool read_head(uint32_t format, ByteReader& bytes, SflowSample& sample) {
  switch (format) {
    case kFlowSample:
    case kExpandedFlowSample:
      sample.kind = SampleKind::kFlow;
      return read_flow_head(bytes, format == kExpandedFlowSample, sample);
    case kCounterSample:
    case kExpandedCounterSample:
      sample.kind = SampleKind::kCounters;
      return read_counter_head(bytes, format == kExpandedCounterSample, sample);
    case kDiscardedPacket:
      sample.kind = SampleKind::kDiscarded;
      return read_discarded_head(bytes, sample);
    default:
      return true;
  }
}

// header_protocol of the specification.
std::optional<LinkType> link_type_of(uint32_t protocol) {
  switch (protocol) {
    case 1:
      return LinkType::kEthernet;
    case 7:
      return LinkType::kPpp;
    case 11:
      return LinkType::kIpv4;
    case 12:
      return LinkType::kIpv6;
    default:
      return std::nullopt;
  }
}

bool take_raw_header(const ByteReader& record, CollectedFlow& packet) {
  constexpr size_t kHead = 16;
  if (!record.can_read(kHead)) return false;
  const uint32_t frame_bytes = record.u32(4);
  ByteReader header = record;
  header.skip(kHead);
  header.truncate(record.u32(12));
  PacketView view;
  view.data = header.data();
  view.captured_length = static_cast<uint32_t>(header.remaining());
  view.wire_length = frame_bytes;
  DecodedPacket decoded;
  if (const auto link = link_type_of(record.u32(0))) {
    view.link_type = *link;
    decode(view, decoded);
  }
  take_decoded(decoded, packet);
  packet.forward = {1, frame_bytes};
  return true;
}

bool take_ethernet(const ByteReader& record, CollectedFlow& packet) {
  constexpr size_t kLength = 24;
  if (!record.can_read(kLength)) return false;
  packet.has_ip = false;
  // XDR fills each address up to eight bytes.
  (void)record.copy(4, packet.source_mac.bytes.data(), packet.source_mac.bytes.size());
  (void)record.copy(12, packet.destination_mac.bytes.data(), packet.destination_mac.bytes.size());
  packet.ethertype = static_cast<uint16_t>(record.u32(20));
  packet.forward = {1, record.u32(0)};
  return true;
}

bool take_ip(const ByteReader& record, bool is_v6, CollectedFlow& packet) {
  const size_t address = is_v6 ? 16 : 4;
  const size_t ports = 8 + 2 * address;
  if (!record.can_read(ports + 16)) return false;
  packet.has_ip = true;
  packet.forward = {1, record.u32(0)};
  packet.protocol = static_cast<uint8_t>(record.u32(4));
  const uint8_t* const source = record.data() + 8;
  packet.source = is_v6 ? IpAddress::from_v6(source) : IpAddress::from_v4(source);
  const uint8_t* const destination = source + address;
  packet.destination = is_v6 ? IpAddress::from_v6(destination) : IpAddress::from_v4(destination);
  packet.ethertype = is_v6 ? 0x86dd : 0x0800;
  if (has_ports(packet.protocol)) {
    packet.source_port = static_cast<uint16_t>(record.u32(ports));
    packet.destination_port = static_cast<uint16_t>(record.u32(ports + 4));
  }
  packet.tcp_flags =
      packet.protocol == kProtocolTcp ? static_cast<uint8_t>(record.u32(ports + 8)) : uint8_t{0};
  return true;
}

void take_switch(const ByteReader& record, CollectedFlow& packet) {
  const uint32_t vlan = record.u32(0);
  if (vlan > 0 && vlan < 4095 && packet.vlan.count == 0)
    packet.vlan.push(static_cast<uint16_t>(vlan));
}

// The source's AS, and the last one of the way to the destination. Counts are bounded by the bytes
// there are: each turn consumes some.
void take_gateway(ByteReader record, CollectedFlow& packet) {
  IpAddress next_hop;
  if (!read_address(record, next_hop) || !record.can_read(16)) return;
  const uint32_t own = record.u32(0);
  packet.source_as = record.u32(4) != 0 ? record.u32(4) : own;
  uint32_t segments = record.u32(12);
  record.skip(16);
  for (; segments > 0 && record.can_read(8); --segments) {
    const uint64_t bytes = uint64_t{record.u32(4)} * 4;
    record.skip(8);
    if (bytes == 0) continue;
    if (!record.can_read(bytes)) break;
    packet.destination_as = record.u32(bytes - 4);
    record.skip(bytes);
  }
  if (packet.destination_as == 0) packet.destination_as = own;
}

uint64_t known(uint32_t value) {
  return value == UINT32_MAX ? 0 : value;
}
uint64_t known(uint64_t value) {
  return value == UINT64_MAX ? 0 : value;
}

std::optional<SflowInterfaceCounters> interface_counters(const ByteReader& record) {
  constexpr size_t kLength = 88;
  if (!record.can_read(kLength)) return std::nullopt;
  SflowInterfaceCounters counters;
  counters.index = record.u32(0);
  counters.speed_bps = known(record.u64(8));
  // Bit 0: ifAdminStatus, bit 1: ifOperStatus.
  counters.is_up = (record.u32(20) & 2) != 0;
  const auto packets = [&](size_t at) {
    return known(record.u32(at)) + known(record.u32(at + 4)) + known(record.u32(at + 8));
  };
  counters.in_octets = known(record.u64(24));
  counters.in_packets = packets(32);
  counters.in_discards = known(record.u32(44));
  counters.in_errors = known(record.u32(48));
  counters.out_octets = known(record.u64(56));
  counters.out_packets = packets(64);
  counters.out_discards = known(record.u32(76));
  counters.out_errors = known(record.u32(80));
  return counters;
}

}  // namespace

ExportError read_sflow(ByteReader bytes, SflowDatagram& datagram) {
  constexpr uint32_t kVersion = 5;
  if (!bytes.can_read(8)) return ExportError::kTruncated;
  if (bytes.u32(0) != kVersion) return ExportError::kUnknownVersion;
  bytes.skip(4);
  datagram = {};
  if (bytes.u32(0) > kAddressV6) return ExportError::kBadLength;
  if (!read_address(bytes, datagram.agent) || !bytes.can_read(16)) return ExportError::kTruncated;
  datagram.sub_agent = bytes.u32(0);
  datagram.sequence = bytes.u32(4);
  datagram.uptime_ms = bytes.u32(8);
  datagram.announced = bytes.u32(12);
  bytes.skip(16);
  datagram.samples = bytes;
  return ExportError::kNone;
}

NextSample next_sample(SflowDatagram& datagram, SflowSample& sample) {
  if (datagram.announced == 0 || datagram.samples.empty()) return NextSample::kEnd;
  --datagram.announced;
  sample = {};
  uint32_t format = 0;
  if (!next_record(datagram.samples, format, sample.records)) return NextSample::kBad;
  return read_head(format, sample.records, sample) ? NextSample::kSample : NextSample::kBad;
}

bool read_sampled_packet(const SflowSample& sample, CollectedFlow& packet) {
  bool has_header = false;
  bool has_packet = false;
  ByteReader records = sample.records;
  ByteReader record;
  uint32_t format = 0;
  // The raw header says more than what an agent read from it.
  while (next_record(records, format, record)) {
    if (format == kRawHeader && !has_header) {
      has_header = take_raw_header(record, packet);
      has_packet |= has_header;
    } else if (format == kSampledEthernet && !has_packet) {
      has_packet = take_ethernet(record, packet);
    } else if ((format == kSampledIpv4 || format == kSampledIpv6) && !has_header) {
      has_packet |= take_ip(record, format == kSampledIpv6, packet);
    }
  }
  if (!has_packet) return false;
  records = sample.records;
  while (next_record(records, format, record)) {
    if (format == kExtendedSwitch) take_switch(record, packet);
    if (format == kExtendedGateway) take_gateway(record, packet);
  }
  return true;
}

SflowCounters read_counters(const SflowSample& sample) {
  SflowCounters counters;
  ByteReader records = sample.records;
  ByteReader record;
  uint32_t format = 0;
  while (next_record(records, format, record)) {
    if (format == kInterfaceCounters) counters.interface = interface_counters(record);
    if (format == kPortName && record.can_read(4)) {
      ByteReader name = record;
      name.skip(4);
      name.truncate(record.u32(0));
      counters.port_name = name.rest();
    }
  }
  return counters;
}

}  // namespace weir
