// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "base/log.h"

namespace weir {

class HttpClient;

// Where scripts speak to others than who asked. What is called is thread-safe.
struct ScriptOutlets {
  HttpClient* client = nullptr;  // must outlive the runner; null: scripts may ask nobody
  std::function<void(LogLevel, const std::string&)> log{};     // empty: weir's own log
  std::function<void(LogLevel, const std::string&)> syslog{};  // empty: tell_syslog()
};

}  // namespace weir
