// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/timestamp.h"
#include "net/ip_address.h"
#include "net/mac_address.h"
#include "net/tunnel.h"
#include "net/vlan_tags.h"
#include "record/confidence.h"
#include "record/flow_metadata.h"
#include "record/tcp_quality.h"
#include "record/time_split.h"

namespace weir {

// How far a conversation got. For what is not TCP only kOneWay and kTwoWay.
enum class FlowState : uint8_t {
  kOneWay,       // only one side spoke
  kTwoWay,       // both did
  kSynSent,      // TCP: a SYN, no answer
  kSynReceived,  // TCP: SYN and SYN+ACK
  kEstablished,  // TCP: the handshake was seen, or data went both ways
  kClosing,      // TCP: one side sent FIN
  kClosed,       // TCP: both did
  kReset,        // TCP: one side sent RST
};
[[nodiscard]] std::string_view flow_state_name(FlowState state);

// Why a flow is over.
enum class EndReason : uint8_t {
  kActive,   // it is not: the record is a snapshot
  kIdle,     // silent for longer than its idle timeout
  kClosed,   // TCP: closed or reset, and nothing came after
  kReused,   // TCP: the same ports began a new connection
  kEvicted,  // the memory budget was needed for others
  kEnd,      // the capture ended or weir stopped
};
[[nodiscard]] std::string_view end_reason_name(EndReason reason);

// Packets and bytes one way. Bytes are bytes on the wire.
struct Traffic {
  uint64_t packets = 0;
  uint64_t bytes = 0;

  Traffic& operator+=(const Traffic& other) {
    packets += other.packets;
    bytes += other.bytes;
    return *this;
  }
  friend Traffic operator+(Traffic a, const Traffic& b) { return a += b; }
  bool operator==(const Traffic&) const = default;
};

// Where a collected flow was seen: by whom, and by which of its interfaces (SNMP ifIndex; 0: not
// known). A plain value.
struct FlowOrigin {
  IpAddress exporter;  // ::: the flow was not collected
  uint32_t input = 0;
  uint32_t output = 0;
  uint32_t path = 0;  // of instances that passed it on, in record/instance_paths.h

  bool operator==(const FlowOrigin&) const = default;
};

// One conversation, both directions: what goes to sinks when it ends and what questions about live
// flows see. A plain value. The client is the side that began: the sender of the SYN, else of the
// first packet unless its port alone is a known service.
struct FlowRecord {
  uint64_t id = 0;  // unique within the shard: (creation number << 32) | slot
  VlanTags vlan;
  uint8_t protocol = 0;
  FlowState state = FlowState::kOneWay;
  EndReason end_reason = EndReason::kActive;
  uint8_t tcp_flags_to_server = 0;  // every flag seen, as in TcpFlag
  uint8_t tcp_flags_to_client = 0;
  uint16_t client_port = 0;
  uint16_t server_port = 0;
  uint16_t application = 0;  // index into the application table (record/applications.h)
  Confidence confidence = Confidence::kNone;
  IpAddress client;
  IpAddress server;
  MacAddress client_mac;
  MacAddress server_mac;
  TunnelStack tunnels;
  Traffic to_server;
  Traffic to_client;
  Timestamp first_seen;
  Timestamp last_seen;
  Traffic rate_to_server;  // of the last whole second
  Traffic rate_to_client;
  TcpRoundTrips round_trips;     // TCP
  bool has_tcp_quality = false;  // TCP, and there was room to count
  TcpQuality quality_to_server;  // of the packets that the client sent
  TcpQuality quality_to_client;
  FlowOrigin origin;
  FlowTransactions transactions;  // as the next
  FlowMetadata metadata;          // in snapshots only where it was asked for
};

}  // namespace weir
