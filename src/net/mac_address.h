// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

// An EUI-48 address in transmission order. All zero: not known.
struct MacAddress {
  std::array<uint8_t, 6> bytes{};

  [[nodiscard]] bool is_known() const { return *this != MacAddress{}; }
  [[nodiscard]] std::string to_string() const;  // "02:00:5e:10:00:01"
  // Such text in either case; nothing for anything else.
  static std::optional<MacAddress> parse(std::string_view text);

  auto operator<=>(const MacAddress&) const = default;
};

}  // namespace weir
