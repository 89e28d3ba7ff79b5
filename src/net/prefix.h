// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
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

  [[nodiscard]] bool contains(const IpAddress& address) const {
    const Words ours = words(address_.bytes());
    const Words theirs = words(address.bytes());
    const Words mask = words(mask_);
    const uint64_t differs = ((ours[0] ^ theirs[0]) & mask[0]) | ((ours[1] ^ theirs[1]) & mask[1]);
    // ::/0 has no bits to tell the families apart by.
    return differs == 0 && address.is_v4() == address_.is_v4();
  }
  [[nodiscard]] const IpAddress& address() const { return address_; }
  [[nodiscard]] unsigned length() const;        // of the address family: at most 32 or 128
  [[nodiscard]] std::string to_string() const;  // "10.0.0.0/8"

  bool operator==(const Prefix&) const = default;

 private:
  // As they lie in memory: enough to compare.
  using Words = std::array<uint64_t, 2>;
  static Words words(const IpAddress::Bytes& bytes) {
    Words copy;
    std::memcpy(copy.data(), bytes.data(), sizeof copy);
    return copy;
  }

  IpAddress address_;
  IpAddress::Bytes mask_;
  uint8_t bits_;  // of the 128-bit form
};

}  // namespace weir
