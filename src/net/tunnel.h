// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// What was around the innermost IP header.
enum class Tunnel : uint8_t {
  kNone,
  kGre,
  kErspan,
  kIpip,
  k6in4,
  k4in6,
  k6in6,
  kVxlan,
  kGeneve,
  kGtpU,
  kL2tp,
  kTeredo,
  kCapwap,
  kTzsp,
  kEtherIp,
  kPppoe,
  kMpls,
  kCount
};

// "GRE", "VXLAN", "GTP-U" ...; "" for kNone.
[[nodiscard]] std::string_view tunnel_name(Tunnel tunnel);

// The tunnels of one packet, outermost first; those beyond the fourth are followed but not named.
struct TunnelStack {
  static constexpr size_t kMaxTunnels = 4;

  std::array<Tunnel, kMaxTunnels> kinds{};
  uint8_t count = 0;

  void push(Tunnel tunnel) {
    if (count < kMaxTunnels) kinds[count++] = tunnel;
  }
  [[nodiscard]] std::string to_string() const;  // "GRE/VXLAN"; "" when there is none

  auto operator<=>(const TunnelStack&) const = default;
};

}  // namespace weir
