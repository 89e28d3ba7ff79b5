// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

// The text of schema/protocols.toml as it was when weir was built.
[[nodiscard]] std::string_view built_in_rules();

}  // namespace weir
