// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// Why something that an exporter sent was not taken. Counted by reason, never logged a datagram.
enum class ExportError : uint8_t {
  kNone,
  kUnknownVersion,  // none of NetFlow 1, 5, 7, 9, IPFIX and sFlow 5
  kAggregated,      // NetFlow 8, whose records name no flows
  kTruncated,       // it ends inside a header, a record or a sample
  kBadLength,       // a length contradicts the bytes there are, or itself
  kBadTemplate,     // a template without fields, of an id that is none, or with scopes that are not
  kTooManyFields,   // a template with more of them than weir takes
  kEmptyRecord,     // a template whose records would have no bytes
  kLongRecord,      // or more than a message holds
  kNoRoom,          // a budget is used up: exporters, templates
  kBadHeader,       // a first part of ZeroMQ that has none of ntop's layouts
  kBadPacking,      // what is to be zlib's is not
  kUnpacksTooFar,   // to more than weir takes
  kBadRecord,       // of JSON or TLV
  kCount
};
// "unknown_version", "aggregated" ...; "" for kNone. The names in `health`.
[[nodiscard]] std::string_view export_error_name(ExportError error);

inline constexpr size_t kExportErrors = static_cast<size_t>(ExportError::kCount);

}  // namespace weir
