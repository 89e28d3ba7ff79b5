// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

// An EUI-48 address in transmission order. All zero: not known.
struct MacAddress {
  std::array<uint8_t, 6> bytes{};

  [[nodiscard]] bool is_known() const { return bits() != 0; }
  // All of it as a number, in no order.
  [[nodiscard]] uint64_t bits() const {
    uint64_t number = 0;
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
  }
  [[nodiscard]] std::string to_string() const;  // "02:00:5e:10:00:01"
  // The same, written where it is told to: for those who look at many.
  using TextBuffer = std::array<char, 17>;
  [[nodiscard]] std::string_view write_to(TextBuffer& buffer) const;
  // Such text in either case; nothing for anything else.
  static std::optional<MacAddress> parse(std::string_view text);

  auto operator<=>(const MacAddress&) const = default;
};

}  // namespace weir
