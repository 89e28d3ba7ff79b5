// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "collect/element.h"
#include "collect/export_error.h"

namespace weir {

// The head of a message of NetFlow 9 (RFC 3954, 5.1) or IPFIX (RFC 7011, 3.1), and what follows it.
struct ExportMessage {
  ExportVersion version = ExportVersion::kIpfix;
  uint32_t export_seconds = 0;  // since 1970
  uint32_t uptime_ms = 0;       // NetFlow 9
  uint32_t sequence = 0;
  uint32_t domain = 0;  // source id, observation domain id
  ByteReader sets;
};

// NetFlow 9's count of records says nothing that can be trusted and is not read. Errors:
// kTruncated, kBadLength (IPFIX: its length is not that of the bytes there are).
[[nodiscard]] ExportError read_netflow9(ByteReader bytes, ExportMessage& message);
// `bytes` must be one whole message.
[[nodiscard]] ExportError read_ipfix(ByteReader bytes, ExportMessage& message);

inline constexpr size_t kIpfixHeaderBytes = 16;

// One set ("FlowSet" in NetFlow 9) of a message.
struct ExportSet {
  uint16_t id = 0;
  ByteReader records;
};

enum class NextSet : uint8_t {
  kSet,  // there is one, and `sets` is behind it
  kEnd,  // nothing but padding, which may be as long as the rest of the datagram
  kBad,  // its length is wrong, and nothing behind it can be read
};
[[nodiscard]] NextSet next_set(ByteReader& sets, ExportSet& set);

// Ids of sets that hold templates; kFirstId of ExportTemplate and above: data; others: nothing that
// weir knows.
[[nodiscard]] uint16_t template_set_id(ExportVersion version);
[[nodiscard]] uint16_t options_set_id(ExportVersion version);

}  // namespace weir
