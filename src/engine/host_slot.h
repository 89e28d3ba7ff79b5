// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "base/cell.h"
#include "base/timestamp.h"
#include "net/ip_protocol.h"
#include "net/mac_address.h"
#include "record/host_profile.h"
#include "record/host_record.h"
#include "record/places.h"

namespace weir {

// What a host sent (or received): a line that each of its packets touches and the line beside it
// that the first packet of a second touches. Arrays are indexed by ProtocolClass. Readers copy both
// under `sequence`.
struct alignas(64) HostHot {
  std::array<Cell<uint64_t>, kProtocolClasses> bytes;    // ever
  std::array<Cell<uint32_t>, kProtocolClasses> packets;  // since packets_before was written
  Cell<uint32_t> second;                                 // of the last packet
  Cell<uint32_t> nanosecond;
  Cell<uint32_t> last_packets;  // in the second before `second`
  Sequence sequence;
};
static_assert(sizeof(HostHot) == 64);

struct alignas(64) HostWarm {
  std::array<Cell<uint64_t>, kProtocolClasses> packets_before;  // up to the current second
  Cell<uint64_t> bytes_before;  // all classes, up to the current second
  Cell<uint64_t> last_bytes;    // all classes, in the second before
};
static_assert(sizeof(HostWarm) == 64);

struct HostSide {
  HostHot hot;
  HostWarm warm;
};

struct HostSlot {
  HostSide sent;
  HostSide received;
};

struct HostIdentity {
  HostKey key;
  MacAddress mac;
  Timestamp first_seen;
  uint64_t hash = 0;
};

// Who the host is and what only changes when flows come and go.
struct HostCold {
  Published<HostIdentity> identity;
  Cell<uint32_t> flows;  // that name this host as an end
  Cell<uint8_t> is_live;
  Cell<uint8_t> is_partial;     // flows of it were forgotten, in all below
  Cell<uint16_t> application;   // see HostProfile::rest_application
  Cell<uint32_t> bytes_error;   // as RoundedUp
  Sequence sequence;            // a new life of the slot, and its profile; not the counters
  Cell<uint32_t> client_flows;  // active ones of which it is the client
  Cell<uint32_t> profile;       // of HostProfiles
  std::array<Cell<uint32_t>, kHostSets> first;        // hash of the first in each set; 0: none yet
  std::array<Cell<uint64_t>, kHostRoles> flows_ever;  // by its role
};
static_assert(sizeof(HostCold) == 104);

// Where it belongs, apart from the rest: those who look at the ends of many flows want nothing
// else.
struct HostPlace {
  Cell<uint64_t> packed;

  void set(const Place& place) { packed.set(place.packed()); }
  // Any thread.
  [[nodiscard]] Place read() const { return Place::unpacked(packed.read()); }
};

}  // namespace weir
