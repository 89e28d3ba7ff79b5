// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace weir {

// The VLAN identifiers of a packet, outermost first, 12 bits each. Tags beyond the fourth are not
// kept.
struct VlanTags {
  static constexpr size_t kMaxTags = 4;

  std::array<uint16_t, kMaxTags> ids{};  // unused ones are 0
  uint8_t count = 0;

  void push(uint16_t id) {
    if (count < kMaxTags) ids[count++] = id & 0x0fff;
  }

  auto operator<=>(const VlanTags&) const = default;
  // As of addresses.
  bool operator==(const VlanTags& other) const {
    uint64_t own = 0;
    uint64_t others = 0;
    static_assert(sizeof(ids) == sizeof(own));
    std::memcpy(&own, ids.data(), sizeof(own));
    std::memcpy(&others, other.ids.data(), sizeof(others));
    return own == others && count == other.count;
  }
};

}  // namespace weir
