// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <variant>
#include <vector>

#include <unistd.h>

#include "app/environment.h"
#include "app/import_hosts_command.h"
#include "app/monitor_command.h"
#include "app/options.h"
#include "app/output.h"
#include "app/read_command.h"
#include "app/small_commands.h"
#include "app/stop_signal.h"
#include "app/top_command.h"

namespace weir {
namespace {

// The same command line every time; what the environment and the files say may be another thing.
struct CommandLine {
  std::vector<std::string> arguments;

  [[nodiscard]] Result<Command> read() const {
    return parse_command_line(arguments, weir_variables(environ), config_folder(environ));
  }
  // REQUIRES: it is that of `monitor`.
  [[nodiscard]] Result<MonitorOptions> read_monitor() const {
    auto command = read();
    if (!command) return command.error();
    return std::get<MonitorOptions>(*std::move(command));
  }
};

int run(const Command& command, const CommandLine& line) {
  StopSignal stop;
  if (const auto* monitor = std::get_if<MonitorOptions>(&command))
    return run_monitor(
        *monitor, [&line] { return line.read_monitor(); }, stop);
  if (const auto* read = std::get_if<ReadOptions>(&command)) return run_read(*read, stop);
  if (const auto* help = std::get_if<HelpOptions>(&command)) return run_help(*help);
  if (const auto* check = std::get_if<CheckConfigOptions>(&command))
    return run_check_config(*check);
  if (const auto* import = std::get_if<ImportHostsOptions>(&command))
    return run_import_hosts(*import);
  if (const auto* keys = std::get_if<KeysOptions>(&command)) return run_keys(*keys);
  if (const auto* top = std::get_if<TopCommandOptions>(&command)) return run_top(*top, stop);
  if (std::holds_alternative<ProtocolsOptions>(command)) return run_protocols();
  return run_version();
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  constexpr int kUsageError = 2;
  const weir::CommandLine line{{argv + 1, argv + argc}};
  const auto command = line.read();
  if (!command) {
    (void)weir::complain(command.error());
    weir::say("See weir help.\n");
    return kUsageError;
  }
  return weir::run(*command, line);
}
