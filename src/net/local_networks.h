// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "net/ip_address.h"
#include "net/prefix.h"

namespace weir {

// Which way a packet goes, as seen from the local networks.
enum class Direction : uint8_t {
  kThrough,  // neither end is local
  kOut,
  kIn,
  kWithin
};
inline constexpr size_t kDirections = 4;
[[nodiscard]] std::string_view direction_name(Direction direction);  // "through", "out" ...

// The networks that are ours, for those who ask for each packet; with what no router passes on:
// groups and broadcasts of a link, and addresses of those who have none yet. Immutable. Cost: of
// IPv4 a load and a few shifts, but for addresses whose first sixteen bits do not tell, and IPv6: a
// look at each network.
class LocalNetworks {
 public:
  explicit LocalNetworks(std::vector<Prefix> networks);

  [[nodiscard]] bool has(const IpAddress& address) const;
  // `bits`: IpAddress::v4_bits().
  [[nodiscard]] bool has_v4(uint32_t bits) const {
    const uint32_t first = bits & 0xffff;
    const auto known =
        static_cast<uint32_t>(by_first_[first / kInWord] >> (first % kInWord * 2)) & 3;
    return known == kSome ? has_within(bits) : known == kAll;
  }
  [[nodiscard]] Direction direction(const IpAddress& source, const IpAddress& destination) const {
    return direction(has(source), has(destination));
  }
  [[nodiscard]] Direction direction_v4(uint32_t source, uint32_t destination) const {
    return direction(has_v4(source), has_v4(destination));
  }

 private:
  static constexpr uint32_t kNone = 0;
  static constexpr uint32_t kAll = 1;
  static constexpr uint32_t kSome = 2;
  static constexpr uint32_t kInWord = 32;

  [[nodiscard]] static Direction direction(bool is_from_us, bool is_to_us) {
    return static_cast<Direction>(static_cast<unsigned>(is_from_us) |
                                  static_cast<unsigned>(is_to_us) << 1);
  }
  [[nodiscard]] bool is_in_any(const IpAddress& address) const;
  [[nodiscard]] bool has_within(uint32_t bits) const;
  void mark(const Prefix& network);

  std::vector<Prefix> networks_;
  // What is local of the addresses that begin with two bytes, which lie in the index as they lie in
  // memory: two bits each.
  std::vector<uint64_t> by_first_;
};

}  // namespace weir
