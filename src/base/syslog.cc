// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/syslog.h"

#include <syslog.h>

#include "base/printable.h"

namespace weir {
namespace {

int priority_of(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return LOG_INFO;
    case LogLevel::kWarning:
      return LOG_WARNING;
    case LogLevel::kError:
      return LOG_ERR;
  }
  return LOG_ERR;
}

// The library keeps the name it is given, for the process.
bool open_once() {
  openlog("weir", LOG_PID | LOG_NDELAY, LOG_DAEMON);
  return true;
}

}  // namespace

void tell_syslog(LogLevel level, std::string_view text) {
  static const bool kIsOpen = open_once();
  (void)kIsOpen;
  ::syslog(LOG_DAEMON | priority_of(level), "%s", printable(text).c_str());
}

}  // namespace weir
