// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace weir {

// How many of the new flows are looked into while packets are lost: half as many after each look
// that finds more losses, down to one in kFewest; twice as many again after each kCalmLooks that
// find none. Counters need no payload, so packets come first. A value. Cost: none.
class InspectionShare {
 public:
  static constexpr uint32_t kFewest = 256;
  static constexpr uint32_t kCalmLooks = 5;

  // `lost`: packets, ever. Returns the n of "one in n".
  uint32_t look(uint64_t lost) {
    const bool has_lost = lost > lost_;
    lost_ = lost;
    calm_ = has_lost ? 0 : calm_ + 1;
    if (has_lost) {
      one_in_ = std::min(one_in_ * 2, kFewest);
    } else if (calm_ == kCalmLooks) {
      one_in_ = std::max(one_in_ / 2, 1U);
      calm_ = 0;
    }
    return one_in_;
  }

 private:
  uint64_t lost_ = 0;
  uint32_t calm_ = 0;  // looks in a row
  uint32_t one_in_ = 1;
};

}  // namespace weir
