// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "base/cell.h"
#include "base/timestamp.h"
#include "engine/flow_key.h"
#include "net/mac_address.h"
#include "net/tunnel.h"
#include "record/flow_record.h"

namespace weir {

// A flow in the engine: one cache line that each packet touches, the line beside it that the first
// packet of a second touches, and an identity that is written once. Arrays are indexed by end
// (FlowEnds). Written by the shard thread; readers copy under `sequence`, which covers both lines
// and the identity.
struct alignas(64) FlowHot {
  std::array<Cell<uint64_t>, 2> key;
  std::array<Cell<uint32_t>, 2> host;     // slots in the host table
  std::array<Cell<uint64_t>, 2> bytes;    // sent by that end, ever
  std::array<Cell<uint32_t>, 2> packets;  // sent by that end since packets_before was written
  Cell<uint32_t>
      second;  // the second of the last packet, and the one that the rates' "current" means
  Cell<uint32_t> nanosecond;  // of the last packet
  Sequence sequence;
  std::array<Cell<uint8_t>, 2> tcp_flags;  // every flag the end sent
  Cell<uint8_t> kind;                      // of FlowKey; 0: the slot is free
  Cell<uint8_t> marks;                     // FlowMark bits
};
static_assert(sizeof(FlowHot) == 64);

struct alignas(64) FlowWarm {
  std::array<Cell<uint64_t>, 2> packets_before;  // up to the current second
  std::array<Cell<uint64_t>, 2> bytes_before;    // up to the current second
  std::array<Cell<uint64_t>, 2> last_bytes;      // in the second before the current one
  std::array<Cell<uint32_t>, 2> last_packets;
  Cell<uint32_t>
      number;  // the shard's how-manieth flow it is; with the slot it names the flow for ever
  Cell<uint16_t> application;
  Cell<uint8_t> confidence;  // of it, as Confidence
};
static_assert(sizeof(FlowWarm) == 64);

struct FlowSlot {
  FlowHot hot;
  FlowWarm warm;
};

// What belongs to the flow's payload. `metadata` and `exchanges` are under the flow's sequence, the
// rest is the owner's alone.
struct FlowInspection {
  Cell<uint32_t> metadata;                 // a list of the MetadataStore
  Cell<uint32_t> exchanges;                // a record of FlowExchanges
  uint32_t handle = 0;                     // of the Inspector; 0: not in its work
  std::array<uint32_t, 2> syn_sequence{};  // of the SYN that the end sent, if it did
  std::array<uint32_t, 2> syn{};           // halves of the SynFingerprint of the first packet
};
static_assert(sizeof(FlowInspection) == 28);

struct FlowIdentity {
  FlowEnds ends;
  std::array<MacAddress, 2> mac;
  TunnelStack tunnels;
  Timestamp first_seen;
  uint32_t origin = 0;  // of a collected flow, in the OriginTable
  uint64_t hash = 0;
};

enum FlowMark : uint8_t {
  kMarkClientIsEnd1 = 1,
  kMarkSyn = 2,  // a SYN without ACK was seen
  kMarkSynAck = 4,
  kMarkEstablished =
      8,           // the handshake was completed, or both ends sent and none of it was a reset
  kMarkFin0 = 16,  // end 0 sent FIN
  kMarkFin1 = 32,
  kMarkReset = 64,
  kMarkInspected = 128,  // its payload is of no more interest
};

}  // namespace weir
