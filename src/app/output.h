// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/result.h"

namespace weir {

// Writes to standard error; when that fails there is nobody to tell.
void say(std::string_view text);
// Writes to standard output and flushes it. Error: it is full or its reader is gone.
[[nodiscard]] Result<void> print_out(std::string_view text);

// Says "weir: MESSAGE" and gives the exit code for it, 1. The message is made printable.
[[nodiscard]] int complain(const Error& error);
// Prints and gives the exit code: 0, or 1 after a complaint.
[[nodiscard]] int print_or_complain(std::string_view text);

}  // namespace weir
