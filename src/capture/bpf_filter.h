// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/packet_view.h"

namespace weir {

// One instruction of classic BPF, laid out as the kernel's sock_filter.
struct BpfInstruction {
  uint16_t code = 0;
  uint8_t jump_if_true = 0;
  uint8_t jump_if_false = 0;
  uint32_t k = 0;
};
using BpfProgram = std::vector<BpfInstruction>;

// Compiles a libpcap filter expression for a kernel socket on `interface`, whose packets are of
// `link_type`. Opens the interface for a moment, because only then libpcap knows that the kernel
// keeps VLAN tags beside the packet; without the right to do so the program is right for everything
// but "vlan". Error: libpcap's own message after "filter "EXPRESSION": ". Thread-safe.
[[nodiscard]] Result<BpfProgram> compile_bpf(const std::string& expression,
                                             const std::string& interface, LinkType link_type);

// A libpcap filter expression that weir itself runs, where the kernel cannot. Tags of VLANs are in
// the frame. Shared: immutable.
class PacketFilter {
 public:
  PacketFilter() = default;

  // An empty expression lets every packet through. Error: libpcap's own message after "filter
  // "EXPRESSION": ".
  static Result<PacketFilter> compile(const std::string& expression, LinkType link_type);

  [[nodiscard]] bool lets_all_through() const { return program_.empty(); }
  [[nodiscard]] bool lets(const PacketView& packet) const;

 private:
  BpfProgram program_;
};

}  // namespace weir
