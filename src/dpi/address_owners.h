// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "net/ip_address.h"

namespace weir {

// A network as its first and last address.
struct AddressRange {
  IpAddress first;
  IpAddress last;
};
// "10.0.0.0/8", "2001:db8::/32", "192.0.2.1"; nothing for anything else. Bits after the prefix may
// be set and do not count.
[[nodiscard]] std::optional<AddressRange> parse_network(std::string_view text);

// Who owns an address: the owner of the narrowest network that holds it. Add all, then build()
// once. Shared: immutable after build(). Cost of a look-up: a binary search.
class AddressOwners {
 public:
  // Of two that own the same network the first one stays. REQUIRES: the range is a network's, so
  // that any two are apart or one holds the other.
  void add(const AddressRange& range, uint16_t owner) { entries_.push_back({range, owner}); }
  void build();
  [[nodiscard]] std::optional<uint16_t> find(const IpAddress& address) const;

 private:
  struct Entry {
    AddressRange range;
    uint16_t owner;
  };
  // From `first` on, until the next step.
  struct Step {
    IpAddress first;
    std::optional<uint16_t> owner;
  };
  void start_step(const IpAddress& first, std::optional<uint16_t> owner);

  std::vector<Entry> entries_;
  std::vector<Step> steps_;  // by address
};

}  // namespace weir
