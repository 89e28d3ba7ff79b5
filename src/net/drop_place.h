// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// Where on their way to weir packets can be lost and counted.
enum class DropPlace : uint8_t {
  kPacketRing,        // AF_PACKET: the ring was full (tp_drops)
  kLibpcap,           // libpcap's ps_drop
  kXdpRing,           // AF_XDP: the receive ring was full
  kXdpOther,          // AF_XDP: no buffer, or a packet larger than one (rx_dropped)
  kLibpcapInterface,  // libpcap's ps_ifdrop
  kNicMissed,         // the card had no buffer (rx_missed_errors)
  kNicFifo,           // the card's queue overran (rx_fifo_errors)
  kNicDropped,        // card or kernel had no use for it (rx_dropped); weir may have seen it
  kCount
};
inline constexpr size_t kDropPlaces = static_cast<size_t>(DropPlace::kCount);

// As REST says it.
inline constexpr std::array<std::string_view, kDropPlaces> kDropPlaceNames{
    "packet_ring",       "libpcap",    "xdp_ring", "xdp_other",
    "libpcap_interface", "nic_missed", "nic_fifo", "nic_dropped"};

// Whether a packet lost there was lost between kernel and weir.
[[nodiscard]] constexpr bool is_kernel_drop(DropPlace place) {
  return place < DropPlace::kLibpcapInterface;
}

// Whether a packet lost there never came to the kernel. rx_dropped is not among them: it also
// counts packets of protocols and VLANs that the machine does not speak, after weir has seen them.
[[nodiscard]] constexpr bool is_interface_drop(DropPlace place) {
  return !is_kernel_drop(place) && place != DropPlace::kNicDropped;
}

// Packets lost, by place.
struct DropCounts {
  std::array<uint64_t, kDropPlaces> packets{};

  uint64_t& operator[](DropPlace place) { return packets[static_cast<size_t>(place)]; }
  uint64_t operator[](DropPlace place) const { return packets[static_cast<size_t>(place)]; }
  // Of the places that `counts` says.
  [[nodiscard]] constexpr uint64_t sum(bool (*counts)(DropPlace)) const {
    uint64_t sum = 0;
    for (size_t i = 0; i < kDropPlaces; ++i) {
      if (counts(static_cast<DropPlace>(i))) sum += packets[i];
    }
    return sum;
  }
};

}  // namespace weir
