// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/timestamp.h"

namespace weir {

// How a pcapng interface counts time: if_tsresol and if_tsoffset (draft-ietf-opsawg-pcapng, 4.2).
struct PcapngTime {
  uint8_t resolution =
      6;  // units of 10^-n s, or of 2^-n s when the top bit is set and n the other seven
  int64_t offset_seconds = 0;  // to be added

  // Clamped to what a Timestamp can hold; what is finer than a nanosecond is cut off.
  [[nodiscard]] Timestamp at(uint64_t units) const;
};

}  // namespace weir
