// SPDX-License-Identifier: GPL-3.0-or-later
// A datagram of NetFlow 1, 5 or 7. There are no more records than were announced and than bytes are
// there, and each turn consumes one.

#include "collect/fixed_netflow.h"
#include "property.h"

using weir::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file
  FixedNetflow message;
  if (read_fixed_netflow(ByteReader(data, size), message) != ExportError::kNone) return 0;
  require(message.record_bytes >= 48, "records have a length");
  DataRecord record{};
  size_t records = 0;
  size_t left = message.records.remaining();
  while (next_fixed_record(message, record)) {
    ++records;
    require(message.records.remaining() + message.record_bytes == left, "each turn consumes one");
    left = message.records.remaining();
    require(record.has_addresses(), "a record has addresses");
  }
  require(records <= message.announced, "no more than was announced");
  require(records * message.record_bytes <= size, "no more than there is");
  return 0;
}
