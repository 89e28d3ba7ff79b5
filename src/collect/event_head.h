// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/value.h"
#include "net/ip_address.h"

namespace weir {

// What each event that came from elsewhere begins with: {"event", "time", "sender"}. `received`:
// nanoseconds since 1970.
inline Value event_head(std::string_view kind, const IpAddress& sender, int64_t received) {
  constexpr double kNanosecond = 1e-9;
  Value event;
  event.set("event", kind);
  event.set("time", static_cast<double>(received) * kNanosecond);
  event.set("sender", sender.to_string());
  return event;
}

}  // namespace weir
