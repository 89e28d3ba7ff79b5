// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/live.h"

#include "capture/af_packet.h"
#include "capture/pcap_live.h"

namespace weir {

Result<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options) {
  if (options.interface.empty()) return Error{"an interface must have a name"};
  const bool wants_libpcap = options.prefer_libpcap || !af_packet_reads(options.interface);
  return wants_libpcap ? open_pcap_live(options) : open_af_packet(options);
}

}  // namespace weir
