// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/ip_address.h"

namespace weir {

// A range of addresses by its leading bits: 10.0.0.0/8, 2001:db8::/32. Bits after the prefix are
// zero.
class Prefix {
 public:
  // `length` counts from the address family's first bit (at most 32 or 128) and is clamped to that.
  Prefix(const IpAddress& address, unsigned length);
  // "10.0.0.0/8"; an address alone is a prefix of that one address. Nothing for anything else.
  static std::optional<Prefix> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] const IpAddress& address() const { return address_; }
  [[nodiscard]] unsigned length() const;        // of the address family: at most 32 or 128
  [[nodiscard]] std::string to_string() const;  // "10.0.0.0/8"

  bool operator==(const Prefix&) const = default;

 private:
  IpAddress address_;
  uint8_t bits_;  // of the 128-bit form
};

}  // namespace weir
