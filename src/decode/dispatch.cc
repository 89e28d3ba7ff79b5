// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/dispatch.h"

#include <initializer_list>

#include "decode/ethernet.h"
#include "decode/icmp.h"
#include "decode/ipv4.h"
#include "decode/ipv6.h"
#include "decode/ipv6_extension.h"
#include "decode/llc_snap.h"
#include "decode/tcp.h"
#include "decode/udp.h"
#include "decode/vlan.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

// How the header before says that this one follows.
struct Key {
  enum Kind : uint8_t { kNone, kLinkType, kEthertype, kPpp, kIpProtocol, kUdpPort } kind = kNone;
  uint16_t value = 0;
};
constexpr Key link(LinkType type) {
  return {Key::kLinkType, static_cast<uint16_t>(type)};
}
constexpr Key ethertype(uint16_t value) {
  return {Key::kEthertype, value};
}
constexpr Key ip(uint8_t protocol) {
  return {Key::kIpProtocol, protocol};
}

struct Entry {
  Layer layer;
  LayerFunction function;
  std::array<Key, 6> keys;
};

// The dispatch table: a new protocol is one line here, an enumerator in layer.h and a file pair.
constexpr Entry kTable[] = {
    {Layer::kEthernet, decode_ethernet, {link(LinkType::kEthernet), ethertype(0x6558)}},
    {Layer::kVlan,
     decode_vlan,
     {ethertype(0x8100), ethertype(0x88a8), ethertype(0x9100), ethertype(0x9200),
      ethertype(0x9300)}},
    {Layer::kLlc, decode_llc, {}},
    {Layer::kIpv4, decode_ipv4, {ethertype(0x0800), link(LinkType::kIpv4)}},
    {Layer::kIpv6, decode_ipv6, {ethertype(0x86dd), link(LinkType::kIpv6)}},
    {Layer::kIpv6Options,
     decode_ipv6_options,
     {ip(kProtocolHopByHop), ip(kProtocolDestinationOptions), ip(kProtocolMobility)}},
    {Layer::kIpv6Routing, decode_ipv6_routing, {ip(kProtocolRouting)}},
    {Layer::kIpv6Fragment, decode_ipv6_fragment, {ip(kProtocolFragment)}},
    {Layer::kTcp, decode_tcp, {ip(kProtocolTcp)}},
    {Layer::kUdp, decode_udp, {ip(kProtocolUdp)}},
    {Layer::kIcmp, decode_icmp, {ip(kProtocolIcmp), ip(kProtocolIcmpv6)}},
};

// Called where a constant is being made: the program does not compile.
void two_keys_share_a_slot() {}

constexpr LayerMap map_of(Key::Kind kind) {
  LayerMap map;
  for (const Entry& entry : kTable) {
    for (const Key key : entry.keys) {
      if (key.kind == kind && !map.insert(key.value, entry.layer)) two_keys_share_a_slot();
    }
  }
  return map;
}

constexpr std::array<Layer, 256> ip_protocols() {
  std::array<Layer, 256> layers{};
  for (const Entry& entry : kTable) {
    for (const Key key : entry.keys) {
      if (key.kind == Key::kIpProtocol) layers[key.value] = entry.layer;
    }
  }
  return layers;
}

constexpr std::array<LayerFunction, kLayerCount> functions() {
  std::array<LayerFunction, kLayerCount> result{};
  for (const Entry& entry : kTable) result[static_cast<size_t>(entry.layer)] = entry.function;
  return result;
}

constexpr bool each_layer_has_a_function() {
  const auto table = functions();
  for (size_t layer = 1; layer < table.size(); ++layer) {
    if (table[layer] == nullptr) return false;
  }
  return true;
}
static_assert(each_layer_has_a_function());

}  // namespace

constinit const LayerMap kLayerOfEthertype = map_of(Key::kEthertype);
constinit const LayerMap kLayerOfPppProtocol = map_of(Key::kPpp);
constinit const LayerMap kLayerOfUdpPort = map_of(Key::kUdpPort);
constinit const LayerMap kLayerOfLinkType = map_of(Key::kLinkType);
constinit const std::array<Layer, 256> kLayerOfIpProtocol = ip_protocols();
constinit const std::array<LayerFunction, kLayerCount> kLayerFunctions = functions();

}  // namespace weir
