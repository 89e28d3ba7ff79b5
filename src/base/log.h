// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

enum class LogLevel { kInfo, kWarning, kError };

// One line each on standard error, with time and level. The text is data: it is never a format, and
// control characters in it are escaped, so that nothing from the network can forge a line or drive
// a terminal. Never called per packet. Thread-safe.
void log_info(std::string_view text);
void log_warning(std::string_view text);
void log_error(std::string_view text);
// The same by level.
void log_line(LogLevel level, std::string_view text);

}  // namespace weir
