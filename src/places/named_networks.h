// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/ip_address.h"
#include "net/prefix.h"

namespace weir {

// A network and what the user calls it.
struct NamedNetwork {
  std::string name;
  Prefix prefix;
};
// "office=10.1.0.0/16". Error: it is not of that form.
[[nodiscard]] Result<NamedNetwork> parse_named_network(std::string_view text);

// Networks by their addresses: of those that hold an address, the one with the longest prefix.
// Limits: kMaxNetworks, further ones are left out. Shared: immutable. Cost of a look-up: for each
// length of prefix that occurs a binary search, some 30 ns for the private networks.
class NamedNetworks {
 public:
  static constexpr size_t kMaxNetworks = 768;

  // Of two with the same prefix the first one counts.
  explicit NamedNetworks(const std::vector<NamedNetwork>& networks);
  NamedNetworks() = default;

  // The networks are numbered from 1 in the order they were given; 0: in none of them.
  [[nodiscard]] uint16_t find(const IpAddress& address) const;
  [[nodiscard]] uint16_t count() const { return static_cast<uint16_t>(networks_.size()); }
  // REQUIRES: 1 <= number <= count().
  [[nodiscard]] const NamedNetwork& at(uint16_t number) const { return networks_[number - 1U]; }

 private:
  // An address as two numbers that are in order.
  struct Key {
    uint64_t high;
    uint64_t low;
    auto operator<=>(const Key&) const = default;
  };
  struct Entry {
    Key key;
    uint16_t number;
  };
  struct Length {
    Key mask;
    bool is_v4;
    unsigned bits;
    std::vector<Entry> entries;  // sorted
  };
  [[nodiscard]] static Key key_of(const IpAddress& address);
  [[nodiscard]] Length& length_for(const Prefix& prefix);

  std::vector<NamedNetwork> networks_;
  std::vector<Length> lengths_;  // the longest first
};

}  // namespace weir
