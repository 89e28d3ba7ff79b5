// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sdp_media.h"

#include "dpi/ascii_text.h"
#include "net/ip_protocol.h"

namespace weir {

void SdpMedia::take_line(std::string_view line, Findings& findings) {
  if (line.starts_with("c=")) take_connection(line.substr(2), findings);
  if (line.starts_with("m=")) take_media(line.substr(2), findings);
}

// "IN IP4 192.0.2.1": of all media, or of those above it. Groups have "/TTL" behind.
void SdpMedia::take_connection(std::string_view value, Findings& findings) {
  (void)take_word(value);
  (void)take_word(value);
  const std::string_view text = take_word(value);
  address_ = IpAddress::parse(text.substr(0, text.find('/')));
  announce(findings);
}

// "audio 49170/2 RTP/AVP 0 8".
void SdpMedia::take_media(std::string_view value, Findings& findings) {
  (void)take_word(value);
  const std::string_view text = take_word(value);
  const auto port = parse_decimal(text.substr(0, text.find('/')));
  const bool is_rtp = take_word(value).find("RTP/") != std::string_view::npos;
  port_ = is_rtp && port && *port <= UINT16_MAX ? static_cast<uint16_t>(*port) : uint16_t{0};
  announce(findings);
}

void SdpMedia::announce(Findings& findings) const {
  if (port_ == 0 || !address_) return;
  findings.announce({AnnouncedFlow::At::kAddress, *address_, port_, kProtocolUdp, "RTP"});
}

}  // namespace weir
