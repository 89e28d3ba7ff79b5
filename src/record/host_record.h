// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "base/timestamp.h"
#include "net/ip_address.h"
#include "net/ip_protocol.h"
#include "net/mac_address.h"
#include "net/vlan_tags.h"
#include "record/flow_record.h"
#include "record/host_profile.h"

namespace weir {

// Who a host is: its address in its VLAN.
struct HostKey {
  IpAddress address;
  VlanTags vlan;

  auto operator<=>(const HostKey&) const = default;
};

// One host: a snapshot of a live one or the last word of a forgotten one. A plain value. Arrays are
// indexed by ProtocolClass.
struct HostRecord {
  HostKey key;
  MacAddress mac;
  std::array<Traffic, kProtocolClasses> sent{};
  std::array<Traffic, kProtocolClasses> received{};
  Traffic rate_sent;  // of the last whole second
  Traffic rate_received;
  Timestamp first_seen;
  Timestamp last_seen;
  uint32_t active_flows = 0;
  // The totals may lack at most so many bytes: what was forgotten of it for want of memory.
  uint64_t bytes_error = 0;
  uint32_t active_client_flows = 0;  // of active_flows: those whose client it is
  std::array<uint64_t, kHostRoles> flows_ever{};
  // Flows of it are missing in flows_ever and in the profile: the memory budget made weir forget.
  bool is_partial = false;
  HostProfile profile;  // in snapshots only where it was asked for

  [[nodiscard]] Traffic total_sent() const { return sent[0] + sent[1] + sent[2] + sent[3]; }
  [[nodiscard]] Traffic total_received() const {
    return received[0] + received[1] + received[2] + received[3];
  }
};

}  // namespace weir
