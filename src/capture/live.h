// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/interfaces.h"
#include "capture/kernel_program.h"
#include "capture/packet_source.h"

namespace weir {

struct LiveOptions {
  std::string interface {};  // "eth0"; for libpcap whatever it knows: "any", "nflog:5", "usbmon1"
  std::string bpf{};         // a libpcap filter expression; empty: every packet
  bool promiscuous = true;   // also packets for other stations
  size_t buffer_bytes = 64U << 20;  // the ring between kernel and weir
  // The ring's blocks (AF_PACKET): of a size that is a power of two and at least a page, handed
  // over when full or twice this time after their first packet.
  size_t block_bytes = 256U << 10;
  std::chrono::milliseconds block_timeout{40};
  bool busy_poll = false;  // poll() spins instead of sleeping: quicker by microseconds, for a core
  // The number, free on this machine, under which several sources share the packets of an
  // interface, each flow (both directions) always to the same one. AF_PACKET only.
  std::optional<uint16_t> fanout_group{};
  // Chooses the source by the innermost flow (load_fanout_program()), the same for all of the
  // group. Without it the kernel chooses by the outermost headers: flows of one tunnel stay
  // together, those whose directions take tunnels of different ports do not, and fragments without
  // ports may go to another source than their first fragment.
  std::shared_ptr<const KernelProgram> fanout_program{};
  bool counts_device_drops = true;  // of several sources only the first one does
  bool prefer_libpcap = false;      // for a libpcap that was built for special hardware
};

// Starts to capture: through an AF_PACKET ring where weir reads the interface's link layer itself,
// else through libpcap. No packet of before the call or of other interfaces is ever delivered.
// Errors, one sentence each: no such interface (naming those there are), no permission, interface
// down, filter that does not compile (libpcap's words), buffer that the kernel refuses.
[[nodiscard]] Result<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options);
// The same for several that share the interface. None gets a packet before all are there, so that
// no flow is in two. buffer_bytes: of each. REQUIRES: sources == 1 or options.fanout_group.
[[nodiscard]] Result<std::vector<std::unique_ptr<PacketSource>>> open_live(
    const LiveOptions& options, size_t sources);

}  // namespace weir
