// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip_address.h"
#include "net/mac_address.h"

namespace weir {

// Digits and dots as they may stand in the text of an IPv4 address: "10.1." in 10.1.2.3 and in
// 110.1.2.3. Looks at the four bytes instead of writing them down. Shared: immutable.
class Ipv4Piece {
 public:
  // Nothing for what has other characters, or none.
  static std::optional<Ipv4Piece> of(std::string_view text);

  [[nodiscard]] bool is_in(const IpAddress& v4) const {
    const uint8_t* bytes = v4.bytes().data() + 12;
    for (unsigned first = 0; first + parts_.size() <= kBytes; ++first) {
      bool fits = true;
      for (size_t i = 0; fits && i < parts_.size(); ++i) fits = parts_[i][bytes[first + i]];
      if (fits) return true;
    }
    return false;
  }

 private:
  static constexpr size_t kBytes = 4;
  using Bytes = std::bitset<256>;

  std::vector<Bytes> parts_;  // for what stands between the dots: which bytes it may be of
};

// Text that a filter looks for, and what spares writing the addresses of all rows down. Shared:
// immutable.
struct WantedText {
  explicit WantedText(std::string wanted);

  std::string text;                        // "*" stands for anything
  bool has_wildcard = false;               // it has one
  bool may_be_in_address = true;           // in the text of an IP address
  bool may_be_in_mac = true;               // in that of a MAC address
  std::optional<MacAddress> mac;           // that it is
  std::shared_ptr<const Ipv4Piece> piece;  // that it is; null: none
};

// Whether the text of an IP address (a MAC address) may have that in it.
[[nodiscard]] bool may_be_in_address(std::string_view wanted);
[[nodiscard]] bool may_be_in_mac(std::string_view wanted);

}  // namespace weir
