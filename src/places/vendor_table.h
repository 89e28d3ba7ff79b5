// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/mac_address.h"

namespace weir {

// Who was given which MAC addresses: IEEE's public listings oui.csv, mam.csv and oui36.csv, as
// Debian's package ieee-data has them. Shared: immutable once filled. Cost: three binary searches.
class VendorTable {
 public:
  // Reads those of the three that `folder` holds. Error: none of them is there.
  static Result<VendorTable> load(const std::string& folder);
  // Adds the lines of one listing; what is no assignment is left out.
  void add(std::string_view csv);

  // "" for made-up (locally administered) and group addresses, and where nobody knows.
  [[nodiscard]] std::string_view find(const MacAddress& mac) const;
  [[nodiscard]] size_t size() const { return count_; }

 private:
  // The leading 24, 28 and 36 bits of an address.
  static constexpr unsigned kDigits[] = {9, 7, 6};

  std::map<std::string, uint32_t, std::less<>> name_numbers_;  // while it is filled
  std::vector<std::string> names_;
  // By prefix, sorted; one for each of kDigits.
  std::vector<std::pair<uint64_t, uint32_t>> entries_[3];
  size_t count_ = 0;
};

}  // namespace weir
