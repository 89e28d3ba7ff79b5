// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// The page of `weir help TOPIC`, by example first. Empty topic: the overview. Error: there is no
// such topic.
[[nodiscard]] Result<std::string> help_text(std::string_view topic);

}  // namespace weir
