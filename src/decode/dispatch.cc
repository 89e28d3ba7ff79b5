// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/dispatch.h"

#include <initializer_list>

#include "decode/authentication_header.h"
#include "decode/capwap.h"
#include "decode/cisco_hdlc.h"
#include "decode/cisco_metadata.h"
#include "decode/dccp.h"
#include "decode/erspan.h"
#include "decode/ether_ip.h"
#include "decode/ethernet.h"
#include "decode/geneve.h"
#include "decode/gre.h"
#include "decode/gtp_u.h"
#include "decode/icmp.h"
#include "decode/ieee80211.h"
#include "decode/ip_in_ip.h"
#include "decode/ipv4.h"
#include "decode/ipv6.h"
#include "decode/ipv6_extension.h"
#include "decode/l2tp.h"
#include "decode/linux_sll.h"
#include "decode/llc_snap.h"
#include "decode/mpls.h"
#include "decode/nflog.h"
#include "decode/null_loopback.h"
#include "decode/ppp.h"
#include "decode/pppoe.h"
#include "decode/prism.h"
#include "decode/radiotap.h"
#include "decode/raw_ip.h"
#include "decode/sctp.h"
#include "decode/tcp.h"
#include "decode/teredo.h"
#include "decode/tzsp.h"
#include "decode/udp.h"
#include "decode/udp_lite.h"
#include "decode/vlan.h"
#include "decode/vxlan.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

// How the header before says that this one follows.
struct Key {
  enum Kind : uint8_t {
    kNone,
    kLinkType,
    kEthertype,
    kPpp,
    kIpProtocol,
    kIpv6Extension,
    kUdpPort
  } kind = kNone;
  uint16_t value = 0;
};
constexpr Key link(LinkType type) {
  return {Key::kLinkType, static_cast<uint16_t>(type)};
}
constexpr Key ethertype(uint16_t value) {
  return {Key::kEthertype, value};
}
constexpr Key ppp(uint16_t protocol) {
  return {Key::kPpp, protocol};
}
constexpr Key udp(uint16_t port) {
  return {Key::kUdpPort, port};
}
constexpr Key extension(uint8_t protocol) {
  return {Key::kIpv6Extension, protocol};
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
    {Layer::kPppoe, decode_pppoe, {ethertype(0x8864), link(LinkType::kPppEthernet)}},
    {Layer::kPpp, decode_ppp, {link(LinkType::kPpp), link(LinkType::kPppHdlc), ethertype(0x880b)}},
    {Layer::kCiscoHdlc, decode_cisco_hdlc, {link(LinkType::kCiscoHdlc)}},
    {Layer::kCiscoMetadata, decode_cisco_metadata, {ethertype(0x8909)}},
    {Layer::kCiscoMetadataInGre, decode_cisco_metadata_in_gre, {}},
    {Layer::kMpls,
     decode_mpls,
     {ethertype(0x8847), ethertype(0x8848), ppp(0x0281), ppp(0x0283), ip(kProtocolMplsInIp)}},
    {Layer::kLinuxSll, decode_linux_sll, {link(LinkType::kLinuxSll)}},
    {Layer::kLinuxSll2, decode_linux_sll2, {link(LinkType::kLinuxSll2)}},
    {Layer::kNullLoopback, decode_null_loopback, {link(LinkType::kNull), link(LinkType::kLoop)}},
    {Layer::kRawIp, decode_raw_ip, {link(LinkType::kRaw), link(LinkType::kRawBsd)}},
    {Layer::kIeee80211, decode_ieee80211, {link(LinkType::kIeee80211)}},
    {Layer::kIeee80211EitherOrder, decode_ieee80211_either_order, {}},
    {Layer::kRadiotap, decode_radiotap, {link(LinkType::kRadiotap)}},
    {Layer::kPrism, decode_prism, {link(LinkType::kPrism)}},
    {Layer::kNflog, decode_nflog, {link(LinkType::kNflog)}},
    {Layer::kIpv4, decode_ipv4, {ethertype(0x0800), ppp(0x0021), link(LinkType::kIpv4)}},
    {Layer::kIpv6, decode_ipv6, {ethertype(0x86dd), ppp(0x0057), link(LinkType::kIpv6)}},
    {Layer::kIpv6Options,
     decode_ipv6_options,
     {extension(kProtocolHopByHop), extension(kProtocolDestinationOptions),
      extension(kProtocolMobility)}},
    {Layer::kIpv6Routing, decode_ipv6_routing, {extension(kProtocolRouting)}},
    {Layer::kIpv6Fragment, decode_ipv6_fragment, {extension(kProtocolFragment)}},
    {Layer::kAuthenticationHeader, decode_authentication_header, {ip(kProtocolAh)}},
    {Layer::kIpv4InIp, decode_ipv4_in_ip, {ip(kProtocolIpv4)}},
    {Layer::kIpv6InIp, decode_ipv6_in_ip, {ip(kProtocolIpv6)}},
    {Layer::kTcp, decode_tcp, {ip(kProtocolTcp)}},
    {Layer::kUdp, decode_udp, {ip(kProtocolUdp)}},
    {Layer::kUdpLite, decode_udp_lite, {ip(kProtocolUdpLite)}},
    {Layer::kSctp, decode_sctp, {ip(kProtocolSctp)}},
    {Layer::kDccp, decode_dccp, {ip(kProtocolDccp)}},
    {Layer::kIcmp, decode_icmp, {ip(kProtocolIcmp), ip(kProtocolIcmpv6)}},
    {Layer::kGre, decode_gre, {ip(kProtocolGre)}},
    {Layer::kErspan, decode_erspan, {}},
    {Layer::kEtherIp, decode_ether_ip, {ip(kProtocolEtherIp)}},
    {Layer::kVxlan, decode_vxlan, {udp(4789), udp(8472), udp(4790)}},
    {Layer::kGeneve, decode_geneve, {udp(6081)}},
    {Layer::kGtpU, decode_gtp_u, {udp(2152)}},
    {Layer::kL2tpUdp, decode_l2tp_udp, {udp(1701)}},
    {Layer::kL2tpIp, decode_l2tp_ip, {ip(kProtocolL2tp)}},
    {Layer::kTeredo, decode_teredo, {udp(3544)}},
    {Layer::kCapwap, decode_capwap, {udp(5247)}},
    {Layer::kTzsp, decode_tzsp, {udp(37008)}},
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

constexpr std::array<Layer, 256> ip_protocols(bool with_extensions) {
  std::array<Layer, 256> layers{};
  for (const Entry& entry : kTable) {
    for (const Key key : entry.keys) {
      const bool is_extension = key.kind == Key::kIpv6Extension;
      if (key.kind == Key::kIpProtocol || (is_extension && with_extensions)) {
        layers[key.value] = entry.layer;
      }
    }
  }
  return layers;
}

// Each port has one of eight bits, by its place in the table.
constexpr TunnelPortBytes tunnel_port_bytes() {
  TunnelPortBytes bytes{};
  unsigned count = 0;
  for (const Entry& entry : kTable) {
    for (const Key key : entry.keys) {
      if (key.kind != Key::kUdpPort) continue;
      const auto bit = static_cast<uint8_t>(1U << count++ % 8);
      bytes.low[key.value & 0xff] |= bit;
      bytes.high[key.value >> 8] |= bit;
    }
  }
  return bytes;
}

constexpr std::array<LayerFunction, kLayerCount> functions() {
  std::array<LayerFunction, kLayerCount> result{};
  for (const Entry& entry : kTable) result[static_cast<size_t>(entry.layer)] = entry.function;
  return result;
}

constexpr bool each_layer_has_a_function() {
  std::array<bool, kLayerCount> has_function{};
  for (const Entry& entry : kTable) has_function[static_cast<size_t>(entry.layer)] = true;
  for (size_t layer = 1; layer < kLayerCount; ++layer) {
    if (!has_function[layer]) return false;
  }
  return true;
}
static_assert(each_layer_has_a_function());

}  // namespace

constinit const LayerMap kLayerOfEthertype = map_of(Key::kEthertype);
constinit const LayerMap kLayerOfPppProtocol = map_of(Key::kPpp);
constinit const LayerMap kLayerOfUdpPort = map_of(Key::kUdpPort);
constinit const LayerMap kLayerOfLinkType = map_of(Key::kLinkType);
constinit const TunnelPortBytes kTunnelPortBytes = tunnel_port_bytes();
constinit const std::array<Layer, 256> kLayerOfIpv4Protocol = ip_protocols(false);
constinit const std::array<Layer, 256> kLayerOfIpv6Protocol = ip_protocols(true);
constinit const std::array<LayerFunction, kLayerCount> kLayerFunctions = functions();

}  // namespace weir
