// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/timestamp.h"

namespace weir {

// "2026-11-30T08:15:30.123456Z" (RFC 3339).
[[nodiscard]] std::string utc_text(Timestamp time);

}  // namespace weir
