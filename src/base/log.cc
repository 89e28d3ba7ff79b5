// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include <memory>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/printable.h"

namespace weir {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> kLogger = [] {
    auto made =
        std::make_shared<spdlog::logger>("weir", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *kLogger;
}

void write(spdlog::level::level_enum level, std::string_view text) {
  logger().log(level, "{}", printable(text));
}

}  // namespace

void log_info(std::string_view text) {
  write(spdlog::level::info, text);
}
void log_warning(std::string_view text) {
  write(spdlog::level::warn, text);
}
void log_error(std::string_view text) {
  write(spdlog::level::err, text);
}

void log_line(LogLevel level, std::string_view text) {
  switch (level) {
    case LogLevel::kInfo:
      return log_info(text);
    case LogLevel::kWarning:
      return log_warning(text);
    case LogLevel::kError:
      return log_error(text);
  }
}

}  // namespace weir
