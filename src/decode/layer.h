// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir {

// A header that weir reads: the key of the dispatch table (dispatch.cc).
enum class Layer : uint8_t {
  kDone,  // nothing more to read: not an entry of the table
  kEthernet,
  kVlan,
  kLlc,
  kPppoe,
  kPpp,
  kCiscoHdlc,
  kCiscoMetadata,
  kCiscoMetadataInGre,
  kMpls,
  kLinuxSll,
  kLinuxSll2,
  kNullLoopback,
  kRawIp,
  kIeee80211,
  kIeee80211EitherOrder,
  kRadiotap,
  kPrism,
  kNflog,
  kIpv4,
  kIpv6,
  kIpv6Options,
  kIpv6Routing,
  kIpv6Fragment,
  kAuthenticationHeader,
  kIpv4InIp,
  kIpv6InIp,
  kTcp,
  kUdp,
  kUdpLite,
  kSctp,
  kDccp,
  kIcmp,
  kGre,
  kErspan,
  kEtherIp,
  kVxlan,
  kGeneve,
  kGtpU,
  kL2tpUdp,
  kL2tpIp,
  kTeredo,
  kCapwap,
  kTzsp,
  kCount
};

inline constexpr size_t kLayerCount = static_cast<size_t>(Layer::kCount);

// The most headers of one packet that are read, and the most tunnels.
inline constexpr int kMaxLayers = 48;
inline constexpr int kMaxTunnelDepth = 8;

}  // namespace weir
