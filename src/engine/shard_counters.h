// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/cell.h"
#include "decode/decoded_packet.h"
#include "record/applications.h"
#include "record/flow_record.h"

namespace weir {

// Packets and bytes that one thread counts and any thread reads. The two may be a packet apart for
// a reader.
struct TrafficCells {
  Cell<uint64_t> packets{};
  Cell<uint64_t> bytes{};

  void add(const Traffic& traffic) {
    packets.add(traffic.packets);
    bytes.add(traffic.bytes);
  }
  void take(const Traffic& traffic) {
    packets.add(uint64_t{0} - traffic.packets);
    bytes.add(uint64_t{0} - traffic.bytes);
  }
  [[nodiscard]] Traffic read() const { return {packets.read(), bytes.read()}; }
};

// Everything a shard counts that belongs to no single flow or host. Each packet is in exactly one
// of `by_protocol`, `by_ethertype` (with its overflow) and `not_decoded`, so these sum to `total`.
struct ShardCounters {
  static constexpr size_t kEthertypes = 64;

  struct EthertypeEntry {
    Cell<uint16_t> ethertype{};
    TrafficCells traffic;
  };

  TrafficCells total;
  Cell<uint64_t> captured_bytes{};
  Cell<uint64_t> first_seen{};  // nanoseconds since 1970; 0: no packet yet
  Cell<uint64_t> last_seen{};
  Cell<uint32_t> clock_second{};
  Cell<uint64_t> time_jumps{};
  Cell<uint64_t> late_for_series{};       // packets too old for their place in the series
  Cell<uint64_t> unresolved_fragments{};  // later fragments whose first was not seen

  std::array<TrafficCells, 256> by_protocol;
  std::array<Cell<uint64_t>, 256> flows_by_protocol{};
  std::array<EthertypeEntry, kEthertypes>
      by_ethertype;  // filled from the front; an unused entry has no packets
  TrafficCells ethertype_overflow;
  std::array<TrafficCells, static_cast<size_t>(DecodeError::kCount)> not_decoded;
  std::array<Cell<uint64_t>, static_cast<size_t>(DecodeError::kCount)>
      malformed{};  // decoded to the IP header, not to the end

  // Of flows that ended. There is room for every number: one may be given out at any time.
  std::vector<TrafficCells> application_ended_to_server{kMaxApplications};
  std::vector<TrafficCells> application_ended_to_client{kMaxApplications};
  std::vector<Cell<uint64_t>> application_ended_flows{kMaxApplications};
  TrafficCells flows_ended;  // the traffic of all flows that ended
  Cell<uint64_t> flows_evicted{};
  TrafficCells hosts_gone_sent;  // the traffic of all hosts that were forgotten
  TrafficCells hosts_gone_received;
  // What hosts that came back from the archive had before weir was started: in their totals, not in
  // the interface's.
  TrafficCells hosts_earlier_sent;
  TrafficCells hosts_earlier_received;
  Cell<uint64_t> hosts_restored{};      // pasts that came back from the archive
  Cell<uint64_t> hosts_not_archived{};  // hosts for which the archive had no room
  Cell<uint64_t> hosts_gone{};          // times that a host was forgotten
  Cell<uint64_t> hosts_evicted{};       // of them for want of memory
  Cell<uint64_t> hosts_refused{};       // ends of flows for which there was no room
  Cell<uint64_t> flows_refused{};       // packets that began a flow for which there was no room

  // The entry for an ethertype; the overflow when all are taken. Owner thread.
  TrafficCells& ethertype(uint16_t ethertype);
};

}  // namespace weir
