// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/live.h"
#include "capture/packet_source.h"

namespace weir {

// Captures what an interface receives through AF_XDP: `sources` packet sources, the queues dealt
// out to them in turn. The packets are TAKEN: the machine's own network stack does not get those
// that arrive in these queues. Of `options` interface, bpf, promiscuous, buffer_bytes (for all
// queues) and busy_poll count; the filter runs in weir. No time stamp comes with a packet: those of
// a batch have the time at which it was taken. What the interface sends is not seen. The XDP
// program is detached when the last source is gone or the process ends, however it does.
// `queues`: empty: all. Errors: no such interface or queue; fewer queues than sources; no
// permission (cap_net_raw, cap_net_admin, cap_bpf); another XDP program is there.
[[nodiscard]] Result<std::vector<std::unique_ptr<PacketSource>>> open_xdp(
    const LiveOptions& options, std::vector<uint32_t> queues, size_t sources);

// The receive queues the driver says it uses; 1 where it does not say.
[[nodiscard]] uint32_t receive_queues(const std::string& interface);

}  // namespace weir
