// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/live.h"

#include <utility>

#include "capture/af_packet.h"
#include "capture/pcap_live.h"

namespace weir {

Result<std::vector<std::unique_ptr<PacketSource>>> open_live(const LiveOptions& options,
                                                             size_t sources) {
  if (options.interface.empty()) return Error{"an interface must have a name"};
  const bool wants_libpcap = options.prefer_libpcap || !af_packet_reads(options.interface);
  if (!wants_libpcap) return open_af_packet(options, sources);
  auto source = open_pcap_live(options);
  if (!source) return source.error();
  std::vector<std::unique_ptr<PacketSource>> opened;
  opened.push_back(*std::move(source));
  return opened;
}

Result<std::unique_ptr<PacketSource>> open_live(const LiveOptions& options) {
  auto opened = open_live(options, 1);
  if (!opened) return opened.error();
  return std::move(opened->front());
}

}  // namespace weir
