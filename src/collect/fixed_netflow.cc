// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/fixed_netflow.h"

namespace weir {
namespace {

constexpr size_t kHeader1 = 16;
constexpr size_t kHeader5 = 24;
// Cisco documents 52 bytes for version 1; fprobe and softflowd send 48.
constexpr size_t kRecord1 = 48;
constexpr size_t kLongRecord1 = 52;
constexpr size_t kRecord5 = 48;
constexpr size_t kRecord7 = 52;

void set(DataRecord& record, Element element, uint64_t value) {
  record.numbers[static_cast<size_t>(element)] = value;
  record.present.add(element);
}

}  // namespace

ExportError read_fixed_netflow(ByteReader bytes, FixedNetflow& message) {
  if (!bytes.can_read(2)) return ExportError::kTruncated;
  const uint16_t version = bytes.u16(0);
  message = {};
  switch (version) {
    case 1:
      message.record_bytes = kRecord1;
      break;
    case 5:
      message.record_bytes = kRecord5;
      break;
    case 7:
      message.record_bytes = kRecord7;
      break;
    case 8:
      return ExportError::kAggregated;
    default:
      return ExportError::kUnknownVersion;
  }
  const size_t header = version == 1 ? kHeader1 : kHeader5;
  if (!bytes.can_read(header)) return ExportError::kTruncated;
  message.version = static_cast<ExportVersion>(version);
  message.announced = bytes.u16(2);
  message.uptime_ms = bytes.u32(4);
  message.exported = int64_t{bytes.u32(8)} * 1'000'000'000 + bytes.u32(12) % 1'000'000'000;
  if (version != 1) message.sequence = bytes.u32(16);
  if (version == 5) {
    message.engine = bytes.u16(20);
    // Two bits of mode before it, which exporters leave at 0 also when they sample.
    constexpr uint16_t kInterval = 0x3fff;
    message.sampling_interval = bytes.u16(22) & kInterval;
  }
  bytes.skip(header);
  if (version == 1 && message.announced * kLongRecord1 == bytes.remaining())
    message.record_bytes = kLongRecord1;
  message.records = bytes;
  message.records.truncate(message.announced * message.record_bytes);
  return ExportError::kNone;
}

bool next_fixed_record(FixedNetflow& message, DataRecord& record) {
  const ByteReader& bytes = message.records;
  if (!bytes.can_read(message.record_bytes)) return false;
  record.present.clear();
  record.present.add(Element::kSourceV4);
  record.present.add(Element::kDestinationV4);
  record.source = IpAddress::from_v4(bytes.data());
  record.destination = IpAddress::from_v4(bytes.data() + 4);
  set(record, Element::kInput, bytes.u16(12));
  set(record, Element::kOutput, bytes.u16(14));
  set(record, Element::kPackets, bytes.u32(16));
  set(record, Element::kOctets, bytes.u32(20));
  set(record, Element::kFirstUptime, bytes.u32(24));
  set(record, Element::kLastUptime, bytes.u32(28));
  set(record, Element::kSourcePort, bytes.u16(32));
  set(record, Element::kDestinationPort, bytes.u16(34));
  const bool is_old = message.version == ExportVersion::kNetflow1;
  set(record, Element::kProtocol, bytes.u8(38));
  set(record, Element::kTcpFlags, is_old ? bytes.u8(40) : bytes.u8(37));
  if (!is_old) {
    set(record, Element::kSourceAs, bytes.u16(40));
    set(record, Element::kDestinationAs, bytes.u16(42));
  }
  message.records.skip(message.record_bytes);
  return true;
}

}  // namespace weir
