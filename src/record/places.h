// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/value.h"
#include "net/ip_address.h"
#include "net/mac_address.h"

namespace weir {

// Two letters of ISO 3166-1 as a number; 0: not known.
using CountryCode = uint16_t;
inline constexpr CountryCode kMaxCountryCode = 26 * 26;  // so no code is above this
// "DE" or "de"; 0 for anything but two ASCII letters.
[[nodiscard]] CountryCode country_code(std::string_view letters);
// "DE"; "" for 0 and numbers that are no code.
[[nodiscard]] std::string country_letters(CountryCode code);

// Where an address belongs, as far as it is known; a member that is not is 0. A plain value.
struct Place {
  uint32_t as_number = 0;
  CountryCode country = 0;
  uint16_t network = 0;  // of the networks that the user named, from 1

  // All of it as one number, and back.
  [[nodiscard]] uint64_t packed() const {
    return uint64_t{as_number} << 32 | uint64_t{country} << 16 | network;
  }
  [[nodiscard]] static Place unpacked(uint64_t all) {
    return {static_cast<uint32_t>(all >> 32), static_cast<CountryCode>(all >> 16),
            static_cast<uint16_t>(all)};
  }

  auto operator<=>(const Place&) const = default;
};

// What Places::vendor() follows from: the first 36 bits, which is as little as IEEE gives to one
// maker. The same for all addresses that cannot have one.
[[nodiscard]] inline uint64_t vendor_key(const MacAddress& mac) {
  constexpr uint8_t kGroupOrMadeUp = 3;
  if ((mac.bytes[0] & kGroupOrMadeUp) != 0) return 0;
  uint64_t bits = 0;
  for (const uint8_t byte : mac.bytes) bits = bits << 8 | byte;
  constexpr uint64_t kKnown = uint64_t{1} << 36;
  return bits == 0 ? 0 : bits >> 12 | kKnown;
}

// What the user's files and options say of addresses. Shared: immutable; what is read anew is
// another object. Views live as long as the object.
class Places {
 public:
  virtual ~Places() = default;

  // Cost: below a microsecond; where there are no files a few ten nanoseconds.
  [[nodiscard]] virtual Place of(const IpAddress& address) const = 0;
  // "" when not known, here and below.
  [[nodiscard]] virtual std::string_view country_name(CountryCode country) const = 0;
  [[nodiscard]] virtual std::string_view as_name(uint32_t as_number) const = 0;

  // The networks that the user named have the numbers from 1 to network_count().
  [[nodiscard]] virtual uint16_t network_count() const = 0;
  [[nodiscard]] virtual std::string_view network_name(uint16_t network) const = 0;
  [[nodiscard]] virtual std::string network_prefix(uint16_t network) const = 0;  // "10.0.0.0/8"

  // Who made what has this MAC address. "" for one that was made up (locally administered), that is
  // a group's, or that no registry knows.
  [[nodiscard]] virtual std::string_view vendor(const MacAddress& mac) const = 0;

  // Why countries (autonomous systems) are not known: what to do about it, for people. "" when they
  // are.
  [[nodiscard]] virtual std::string_view why_no_countries() const = 0;
  [[nodiscard]] virtual std::string_view why_no_as() const = 0;
  // {"country": {"file", "type", "built", "records"} or {"error"}, "as": ..., "vendors": ...}
  [[nodiscard]] virtual Value files() const = 0;
};

}  // namespace weir
