// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/timestamp.h"

namespace weir {

// How a packet's first byte is to be read: a LINKTYPE_ value of the pcap registry (1 Ethernet, 101
// raw IP, 113 SLL, 276 SLL2 ...).
enum class LinkType : uint16_t {
  kNull = 0,
  kEthernet = 1,
  kPpp = 9,
  kRawBsd = 12,
  kPppHdlc = 50,
  kPppEthernet = 51,
  kRaw = 101,
  kCiscoHdlc = 104,
  kIeee80211 = 105,
  kLoop = 108,
  kLinuxSll = 113,
  kPrism = 119,
  kRadiotap = 127,
  kIpv4 = 228,
  kIpv6 = 229,
  kNflog = 239,
  kLinuxSll2 = 276,
};

// One packet as a source hands it over. The bytes belong to the source and live until its next
// poll().
struct PacketView {
  const uint8_t* data = nullptr;
  uint32_t captured_length = 0;  // bytes at `data`
  uint32_t wire_length =
      0;  // bytes on the wire; what weir counts. May lie (up to 4 GB), may be below captured_length
  Timestamp timestamp;
  LinkType link_type = LinkType::kEthernet;
  uint16_t vlan_tpid =
      0;  // a tag the kernel took off the frame: its ethertype, 0 when there was none
  uint16_t vlan_tci = 0;  // and its tag control information
};

inline constexpr size_t kBatchSize = 64;

// What a source fills and a shard empties in one go.
struct PacketBatch {
  std::array<PacketView, kBatchSize> packets;
  size_t count = 0;

  void clear() { count = 0; }
  [[nodiscard]] bool full() const { return count == kBatchSize; }
  // REQUIRES: !full().
  PacketView& add() { return packets[count++]; }
};

}  // namespace weir
