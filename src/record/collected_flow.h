// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/timestamp.h"
#include "net/ip_address.h"
#include "net/mac_address.h"
#include "net/tunnel.h"
#include "net/vlan_tags.h"
#include "record/flow_record.h"

namespace weir {

// What an exporter said of one flow, in weir's terms: what was sampled is scaled up, times are
// UTC by weir's own clock. Bytes are what the exporter counts: those of the IP datagrams in NetFlow
// and IPFIX, of the frames in sFlow. A plain value.
struct CollectedFlow {
  IpAddress source;
  IpAddress destination;
  uint16_t source_port = 0;  // 0 for ICMP, as for packets
  uint16_t destination_port = 0;
  uint8_t protocol = 0;
  bool has_ip = true;          // false: only `forward`, `last` and the ethertype are known (sFlow)
  bool counts_frames = false;  // bytes are those of frames, not of IP datagrams
  EndReason end_reason = EndReason::kActive;  // where it is not told: kActive
  bool source_began = false;  // the exporter says who began (biflow), which is `source`
  uint8_t tcp_flags = 0;      // every flag that the source sent, as in TcpFlag
  uint8_t reverse_tcp_flags = 0;
  uint16_t ethertype = 0;
  VlanTags vlan;
  MacAddress source_mac;
  MacAddress destination_mac;
  TunnelStack tunnels;
  uint32_t source_as = 0;  // 0: not known
  uint32_t destination_as = 0;
  uint16_t application = 0;  // as in record/applications.h; 0: the exporter does not say
  Timestamp first;           // first <= last
  Timestamp last;
  Traffic forward;
  Traffic reverse;  // what the destination sent, where one record tells both (RFC 5103)
  FlowOrigin origin;
};

}  // namespace weir
