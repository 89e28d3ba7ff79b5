// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/monitor_command.h"

#include <optional>
#include <string>
#include <utility>

#include "app/first_start.h"
#include "app/monitor_run.h"
#include "app/output.h"

namespace weir {
namespace {

// What weir goes back to when it cannot work by other answers.
struct Before {
  MonitorOptions options;
  EarlierAnswers answers;
};

MonitorOptions options_before(Before before, const std::string& refusal) {
  if (auto back = put_back(before.options.start.file, before.answers); !back)
    (void)complain(back.error());
  say("weir: goes on with the answers before\n");
  before.options.start.problem = refusal;
  return std::move(before.options);
}

// The console stays where it is, wherever that was left to the kernel.
MonitorOptions next_options(const Before& before, const ReadOptionsAgain& read_again) {
  say("weir: starts again with other answers\n");
  auto next = read_again();
  if (!next) {
    (void)complain(next.error());
    return options_before(before, next.error().message);
  }
  next->http_port = before.options.http_port;
  return *std::move(next);
}

}  // namespace

int run_monitor(const MonitorOptions& options, const ReadOptionsAgain& read_again,
                StopSignal& stop) {
  MonitorOptions now = options;
  std::optional<Before> before;
  for (;;) {
    MonitorEnd end = monitor_once(now, stop);
    if (!end.refusal.empty() && before) {
      now = options_before(*std::exchange(before, std::nullopt), end.refusal);
      continue;
    }
    if (!end.restart) return end.code;
    now.http_port = end.port;
    before = Before{std::move(now), *std::move(end.restart)};
    now = next_options(*before, read_again);
  }
}

}  // namespace weir
