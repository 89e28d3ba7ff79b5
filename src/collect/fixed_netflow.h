// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "collect/data_record.h"
#include "collect/element.h"
#include "collect/export_error.h"

namespace weir {

// The head of a datagram of NetFlow 1, 5 or 7, whose records are of one layout each, and its
// records.
struct FixedNetflow {
  ExportVersion version = ExportVersion::kNetflow5;
  uint32_t uptime_ms = 0;
  int64_t exported = 0;            // nanoseconds since 1970
  uint32_t sequence = 0;           // of flow records; version 1 has none
  uint32_t engine = 0;             // version 5: type << 8 | id
  uint32_t sampling_interval = 0;  // version 5; 0: not known
  size_t announced = 0;            // records, by the header
  size_t record_bytes = 0;
  ByteReader records;  // at most as many whole ones as are announced
};

// Errors: kTruncated (the header), kAggregated (version 8), kUnknownVersion.
[[nodiscard]] ExportError read_fixed_netflow(ByteReader bytes, FixedNetflow& message);

// The next record; false at the end. Fewer may be there than were announced.
[[nodiscard]] bool next_fixed_record(FixedNetflow& message, DataRecord& record);

}  // namespace weir
