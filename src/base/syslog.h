// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/log.h"

namespace weir {

// One line to the syslog daemon of this machine (syslog(3), facility daemon, as "weir"), control
// characters escaped. Where there is none it is lost. Thread-safe.
void tell_syslog(LogLevel level, std::string_view text);

}  // namespace weir
