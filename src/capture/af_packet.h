// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/live.h"
#include "capture/packet_source.h"

namespace weir {

// Whether `interface` is a network interface whose link layer AF_PACKET shows in a form that weir
// reads (Ethernet, loopback, tun and WireGuard, 802.11 monitors). Others (PPP, tunnels, "any")
// libpcap presents better.
[[nodiscard]] bool af_packet_reads(const std::string& interface);

// Captures from an AF_PACKET socket with a TPACKET_V3 ring. Views point into the ring. A lone
// packet is seen within 80 ms. A VLAN tag that the kernel took off is in the view, and its four
// bytes in wire_length. Each packet is seen once: on a loopback interface only as received. While
// the interface is down poll() is idle and error() says so; when it is gone, what is left in the
// ring is delivered, then kEnd. Errors of opening: see open_live(). statistics(): kernel_drops are
// packets that found the ring full. Cost of statistics(): three system calls, not for the hot path.
// `sources`: see open_live(). REQUIRES: af_packet_reads(options.interface).
[[nodiscard]] Result<std::vector<std::unique_ptr<PacketSource>>> open_af_packet(
    const LiveOptions& options, size_t sources);

}  // namespace weir
