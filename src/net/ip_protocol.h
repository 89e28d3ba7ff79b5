// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

// IANA protocol numbers that weir treats in a way of their own.
enum IpProtocol : uint8_t {
  kProtocolHopByHop = 0,
  kProtocolIcmp = 1,
  kProtocolIgmp = 2,
  kProtocolIpv4 = 4,
  kProtocolTcp = 6,
  kProtocolUdp = 17,
  kProtocolDccp = 33,
  kProtocolIpv6 = 41,
  kProtocolRouting = 43,
  kProtocolFragment = 44,
  kProtocolGre = 47,
  kProtocolEsp = 50,
  kProtocolAh = 51,
  kProtocolIcmpv6 = 58,
  kProtocolNoNext = 59,
  kProtocolDestinationOptions = 60,
  kProtocolEtherIp = 97,
  kProtocolL2tp = 115,
  kProtocolSctp = 132,
  kProtocolMobility = 135,
  kProtocolUdpLite = 136,
  kProtocolMplsInIp = 137,
};

// IANA's keyword, "TCP"; empty when weir has none for it.
[[nodiscard]] std::string_view protocol_name(uint8_t protocol);
// The protocol of that keyword, in whatever case; "ICMPv6", as many write, for IPv6-ICMP. Looks at
// all of them.
[[nodiscard]] std::optional<uint8_t> protocol_number(std::string_view name);

// The four classes hosts and charts are counted by.
enum class ProtocolClass : uint8_t { kTcp, kUdp, kIcmp, kOther };
inline constexpr int kProtocolClasses = 4;
namespace detail {
constexpr std::array<ProtocolClass, 256> protocol_classes() {
  std::array<ProtocolClass, 256> classes{};
  classes.fill(ProtocolClass::kOther);
  classes[kProtocolTcp] = ProtocolClass::kTcp;
  classes[kProtocolUdp] = ProtocolClass::kUdp;
  classes[kProtocolIcmp] = classes[kProtocolIcmpv6] = ProtocolClass::kIcmp;
  return classes;
}
inline constexpr std::array<ProtocolClass, 256> kProtocolClassOf = protocol_classes();
}  // namespace detail

// A table: which protocol comes next is nothing that a branch predictor knows.
[[nodiscard]] constexpr ProtocolClass protocol_class(uint8_t protocol) {
  return detail::kProtocolClassOf[protocol];
}

}  // namespace weir
