// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ip_payload.h"

#include "decode/dispatch.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

bool is_ipv6_extension(Layer layer) {
  return layer == Layer::kIpv6Options || layer == Layer::kIpv6Routing ||
         layer == Layer::kIpv6Fragment;
}

}  // namespace

Layer after_ip(Walk& walk, uint8_t protocol) {
  walk.out.protocol = protocol;
  const bool is_v6 = walk.out.is_v6;
  if (protocol == kProtocolIpv4) {
    return walk.enter(is_v6 ? Tunnel::k4in6 : Tunnel::kIpip, Layer::kIpv4);
  }
  if (protocol == kProtocolIpv6) {
    return walk.enter(is_v6 ? Tunnel::k6in6 : Tunnel::k6in4, Layer::kIpv6);
  }
  const Layer layer = kLayerOfIpProtocol[protocol];
  return !is_v6 && is_ipv6_extension(layer) ? Layer::kDone : layer;
}

}  // namespace weir
