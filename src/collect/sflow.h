// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/byte_reader.h"
#include "collect/export_error.h"
#include "net/ip_address.h"
#include "record/collected_flow.h"

namespace weir {

// The head of a datagram of sFlow version 5 (sflow.org/sflow_version_5.txt), and its samples.
struct SflowDatagram {
  IpAddress agent;  // :: when it says none
  uint32_t sub_agent = 0;
  uint32_t sequence = 0;  // of datagrams of this sub-agent
  uint32_t uptime_ms = 0;
  uint32_t announced = 0;  // samples
  ByteReader samples;
};

// Errors: kTruncated, kUnknownVersion (not 5), kBadLength (an address of no known kind).
[[nodiscard]] ExportError read_sflow(ByteReader bytes, SflowDatagram& datagram);

enum class SampleKind : uint8_t {
  kFlow,
  kCounters,
  kDiscarded,  // a packet that the agent's host dropped
  kOther,      // of an enterprise or a format that weir does not know
};

// One sample of a datagram.
struct SflowSample {
  SampleKind kind = SampleKind::kOther;
  uint32_t sequence = 0;      // of samples of its source
  uint32_t source = 0;        // index of the interface that sampled
  uint32_t source_class = 0;  // 0: `source` is an interface
  uint32_t rate = 0;          // one packet in so many is sampled; 0: not known
  uint32_t pool = 0;          // packets that could have been
  uint32_t drops = 0;
  uint32_t input = 0;  // 0: not known, several, or the agent itself
  uint32_t output = 0;
  ByteReader records;
};

enum class NextSample : uint8_t { kSample, kEnd, kBad };
// Moves on behind the sample. kBad: its length is wrong, or it ends inside its own head; nothing
// behind it is read.
[[nodiscard]] NextSample next_sample(SflowDatagram& datagram, SflowSample& sample);

// What a flow sample says of its one packet; `packet` gets everything but times, the exporter and
// the scale: `forward` is one packet. False when no record of the sample tells of a packet. The
// header that was sampled is read by the same decoder as packets of the wire, snapped as it is.
[[nodiscard]] bool read_sampled_packet(const SflowSample& sample, CollectedFlow& packet);

// RFC 3635 counters of an interface. 2^32-1 and 2^64-1 mean "not available" and become 0.
struct SflowInterfaceCounters {
  uint32_t index = 0;
  uint64_t speed_bps = 0;
  bool is_up = false;
  uint64_t in_octets = 0;
  uint64_t in_packets = 0;
  uint64_t in_errors = 0;
  uint64_t in_discards = 0;
  uint64_t out_octets = 0;
  uint64_t out_packets = 0;
  uint64_t out_errors = 0;
  uint64_t out_discards = 0;
};
struct SflowCounters {
  std::optional<SflowInterfaceCounters> interface;
  std::span<const uint8_t> port_name;  // lies in the datagram; empty: not told
};
[[nodiscard]] SflowCounters read_counters(const SflowSample& sample);

}  // namespace weir
