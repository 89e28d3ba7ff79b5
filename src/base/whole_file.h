// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// Makes a file say `text`, or leaves it as it was: whoever reads it meanwhile reads the old or the
// new one. It is written beside it first, under its name and ".new", which two who write the same
// file at the same time share. Error: why it could not.
[[nodiscard]] Result<void> write_whole_file(const std::string& path, std::string_view text);

}  // namespace weir
