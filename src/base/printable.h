// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

// `text` as one line that is safe to show on a terminal: control characters and bytes that are no
// UTF-8 become \xNN, and what would turn the direction of the text round \uNNNN.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace weir
