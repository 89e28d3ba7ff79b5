// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "decode/layer.h"
#include "decode/walk.h"
#include "net/packet_view.h"

namespace weir {

// Reads the header at the walk's cursor, consumes it, writes what it learnt to walk.out and says
// which one follows.
using LayerFunction = Layer (*)(Walk&);

// From a 16-bit number to a layer: one slot a key, no probing; that no two keys share a slot is
// checked at compile time.
class LayerMap {
 public:
  struct Slot {
    uint16_t key = 0;
    Layer layer = Layer::kDone;
  };

  constexpr Layer find(uint16_t key) const {
    const Slot& slot = slots_[slot_of(key)];
    return slot.key == key ? slot.layer : Layer::kDone;
  }
  // False when the slot is taken.
  constexpr bool insert(uint16_t key, Layer layer) {
    Slot& slot = slots_[slot_of(key)];
    if (slot.layer != Layer::kDone) return false;
    slot = {key, layer};
    return true;
  }

 private:
  static constexpr size_t slot_of(uint16_t key) { return (key ^ key >> 8) & 0xff; }

  std::array<Slot, 256> slots_{};
};

// What follows by number; Layer::kDone for what weir does not read. All are made from the table in
// dispatch.cc.
extern const LayerMap kLayerOfEthertype;
extern const LayerMap kLayerOfPppProtocol;
extern const LayerMap kLayerOfUdpPort;
extern const LayerMap kLayerOfLinkType;
// By the lower byte of a port: 1 when any in kLayerOfUdpPort ends in it, else 0.
// By the low and by the high byte of a port: bits, one of which is set in both for the port of a
// tunnel, and hardly ever for another.
struct TunnelPortBytes {
  std::array<uint8_t, 256> low;
  std::array<uint8_t, 256> high;

  [[nodiscard]] uint8_t of(uint16_t port) const { return low[port & 0xff] & high[port >> 8]; }
};
extern const TunnelPortBytes kTunnelPortBytes;
extern const std::array<Layer, 256> kLayerOfIpv4Protocol;  // without the extension headers
extern const std::array<Layer, 256> kLayerOfIpv6Protocol;
extern const std::array<LayerFunction, kLayerCount> kLayerFunctions;

// Whether the bytes of one of the ports are like those of a tunnel's: whether may_be_tunnel() is
// worth a call.
inline bool looks_like_tunnel(uint16_t source_port, uint16_t destination_port) {
  return (kTunnelPortBytes.of(source_port) | kTunnelPortBytes.of(destination_port)) != 0;
}

// Whether one of a datagram's ports is a tunnel's.
inline bool may_be_tunnel(uint16_t source_port, uint16_t destination_port) {
  if (!looks_like_tunnel(source_port, destination_port)) [[likely]]
    return false;
  return kLayerOfUdpPort.find(destination_port) != Layer::kDone ||
         kLayerOfUdpPort.find(source_port) != Layer::kDone;
}

// What follows a header that names its payload by ethertype (GRE, Geneve, SLL ...). It does not
// consume.
inline Layer layer_of_ethertype(uint16_t ethertype) {
  return kLayerOfEthertype.find(ethertype);
}

}  // namespace weir
