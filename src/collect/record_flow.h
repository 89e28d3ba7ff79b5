// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "collect/data_record.h"
#include "record/collected_flow.h"

namespace weir {

// Protocols whose flows have ports, as in packets; what exporters put there for ICMP is its type.
[[nodiscard]] bool has_ports(uint8_t protocol);

// What kind of numbers a record counts in.
enum class CounterKind : uint8_t {
  kNone,   // it counts nothing
  kDelta,  // since the record before
  kTotal,  // since the flow began: only where there is no delta
};

// Whether a record tells of frames that hold no IP, by their ethertype.
[[nodiscard]] bool is_without_ip(const DataRecord& record);

// Everything of `flow` but times, exporter, scale, and what total counters had before. A field that
// the record does not have keeps its default. REQUIRES: record.has_addresses() or is_without_ip().
CounterKind to_flow(const DataRecord& record, ExportVersion version, CollectedFlow& flow);

// The same of a record that holds the beginning of a packet instead (RFC 5477): one packet, whose
// bytes are those that the IP header says where the record does not. False when it holds none.
[[nodiscard]] bool to_packet(const DataRecord& record, CollectedFlow& flow);

}  // namespace weir
