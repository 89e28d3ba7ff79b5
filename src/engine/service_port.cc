// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/service_port.h"

#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {

bool client_is_sender(const DecodedPacket& packet) {
  if (packet.protocol == kProtocolTcp && (packet.tcp_flags & kTcpSyn) != 0)
    return (packet.tcp_flags & kTcpAck) == 0;
  if (packet.source_port == 0 || packet.destination_port == 0) return true;
  const bool from_service =
      application_of_port(packet.protocol, packet.source_port) != kApplicationUnknown;
  const bool to_service =
      application_of_port(packet.protocol, packet.destination_port) != kApplicationUnknown;
  return to_service || !from_service;
}

}  // namespace weir
