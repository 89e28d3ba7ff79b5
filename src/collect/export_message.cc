// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/export_message.h"

namespace weir {

ExportError read_netflow9(ByteReader bytes, ExportMessage& message) {
  FixedBytes<20> head;
  if (!bytes.first(head)) return ExportError::kTruncated;
  message.version = ExportVersion::kNetflow9;
  message.uptime_ms = head.u32<4>();
  message.export_seconds = head.u32<8>();
  message.sequence = head.u32<12>();
  message.domain = head.u32<16>();
  bytes.skip(20);
  message.sets = bytes;
  return ExportError::kNone;
}

ExportError read_ipfix(ByteReader bytes, ExportMessage& message) {
  FixedBytes<kIpfixHeaderBytes> head;
  if (!bytes.first(head)) return ExportError::kTruncated;
  const size_t length = head.u16<2>();
  if (length < kIpfixHeaderBytes || length > bytes.remaining()) return ExportError::kBadLength;
  message.version = ExportVersion::kIpfix;
  message.uptime_ms = 0;
  message.export_seconds = head.u32<4>();
  message.sequence = head.u32<8>();
  message.domain = head.u32<12>();
  bytes.truncate(length);
  bytes.skip(kIpfixHeaderBytes);
  message.sets = bytes;
  return ExportError::kNone;
}

NextSet next_set(ByteReader& sets, ExportSet& set) {
  constexpr size_t kHeader = 4;
  // Padding is at most three bytes by the rules, seven and whole datagrams of zeroes in the world.
  if (!sets.can_read(kHeader) || (sets.u16(0) == 0 && sets.u16(2) == 0)) return NextSet::kEnd;
  const size_t length = sets.u16(2);
  if (length < kHeader || length > sets.remaining()) return NextSet::kBad;
  set.id = sets.u16(0);
  set.records = sets;
  set.records.truncate(length);
  set.records.skip(kHeader);
  sets.skip(length);
  return NextSet::kSet;
}

uint16_t template_set_id(ExportVersion version) {
  return version == ExportVersion::kNetflow9 ? 0 : 2;
}
uint16_t options_set_id(ExportVersion version) {
  return version == ExportVersion::kNetflow9 ? 1 : 3;
}

}  // namespace weir
