// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "base/result.h"
#include "capture/live.h"
#include "capture/packet_source.h"

namespace weir {

// Captures through libpcap from any device it knows. Packets are copied once, into memory that
// lives until the next poll(). The link type and time precision are what libpcap offers for the
// device, nanoseconds if it can. statistics() is as of the last poll(), refreshed there at most
// every 100 ms; libpcap may count a packet that its filter would have refused as dropped. Errors of
// opening: see open_live(); fanout groups are refused.
[[nodiscard]] Result<std::unique_ptr<PacketSource>> open_pcap_live(const LiveOptions& options);

}  // namespace weir
