// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"
#include "capture/bpf_filter.h"
#include "capture/live.h"
#include "capture/packet_ring.h"
#include "net/packet_view.h"

namespace weir {

// The link type AF_PACKET shows for an interface of this name; nothing when there is none or weir
// does not read it.
[[nodiscard]] std::optional<LinkType> af_packet_link_type(const std::string& interface);

// A packet socket with its ring, bound to one interface and receiving.
struct PacketSocket {
  Descriptor descriptor;
  PacketRing ring;
  unsigned interface_index = 0;
};

// Filter and ring are in place before the socket is bound, so that the first packet is already one
// that was asked for. One of a fanout group lets nothing in until set_filter(). `filter` empty:
// every packet. Errors: those of open_live().
[[nodiscard]] Result<PacketSocket> open_packet_socket(const LiveOptions& options,
                                                      const BpfProgram& filter);

// Puts a filter in place of the one before, at once.
[[nodiscard]] Result<void> set_filter(const LiveOptions& options, int socket,
                                      const BpfProgram& filter);

// Keeps an interface in promiscuous mode as long as the descriptor is open; nothing is received.
[[nodiscard]] Result<Descriptor> hold_promiscuous(const std::string& interface);

// What the kernel counted since the last call: reading resets it. Thread-safe, but of two callers
// each gets a part.
struct SocketDrops {
  uint64_t drops = 0;
  uint64_t freezes = 0;
};
[[nodiscard]] SocketDrops take_socket_drops(int socket);

// The error the kernel left at the socket (ENETDOWN when the interface went down or away), 0 for
// none. Reading clears it.
[[nodiscard]] int take_socket_error(int socket);

}  // namespace weir
