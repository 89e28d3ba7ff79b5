// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "base/timestamp.h"
#include "collect/data_record.h"

namespace weir {

// What a message and its exporter say about time. Nanoseconds since 1970.
struct ExportTime {
  int64_t exported = 0;                // when the message was, by the exporter's clock
  int64_t received = 0;                // when it came, by ours
  std::optional<uint32_t> uptime_ms;   // of the exporter when the message was sent (NetFlow)
  std::optional<int64_t> system_init;  // when the exporter was started (IPFIX: IE 160)
};

struct FlowSpan {
  Timestamp first;  // first <= last
  Timestamp last;
};

// By how much the exporter's clock is ahead of ours may be seen as the way and the wait; more makes
// its times no use as they are.
inline constexpr int64_t kMostSkew = int64_t{60} * 1'000'000'000;
// Nothing began longer ago than a year.
inline constexpr int64_t kMostPast = int64_t{366} * 86'400 * 1'000'000'000;

// How long before the export a time of the exporter's uptime was; negative: after it. A difference
// of 32 bits, so that an uptime that began anew in between (after 49.7 days) is none.
[[nodiscard]] inline int64_t milliseconds_before(uint32_t uptime_ms, uint32_t then_ms) {
  return static_cast<int32_t>(uptime_ms - then_ms);
}

// NTP's 64 bits (RFC 7011, 6.1.9) in nanoseconds since 1970. Exporters that count micro- or
// nanoseconds since 1970 instead are known by a time that is near `about`.
[[nodiscard]] int64_t ntp_nanoseconds(uint64_t value, int64_t about);

// When the flow of a record was, by our clock: what the record says most precisely, moved by the
// skew of the exporter's clock when that is more than kMostSkew; when it says nothing, the time of
// the export. Never after `received` by more than kMostSkew, nor before it by more than kMostPast.
[[nodiscard]] FlowSpan flow_span(const DataRecord& record, const ExportTime& time);
// The same of a span by the exporter's clock.
[[nodiscard]] FlowSpan flow_span(int64_t first, int64_t last, const ExportTime& time);

}  // namespace weir
