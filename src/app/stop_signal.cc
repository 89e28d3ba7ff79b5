// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/stop_signal.h"

#include <csignal>
#include <ctime>

namespace weir {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A reader of our output that goes away is an error of a write, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
}

void StopSignal::hear_reload() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  hears_reload_ = true;
}

void StopSignal::give_back() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool StopSignal::wait(std::chrono::milliseconds timeout) {
  if (came_) return true;
  sigset_t set = stop_signals();
  if (hears_reload_) sigaddset(&set, SIGHUP);
  constexpr long kNanosecondsPerMillisecond = 1'000'000;
  const timespec limit{timeout.count() / 1000,
                       (timeout.count() % 1000) * kNanosecondsPerMillisecond};
  const int signal = sigtimedwait(&set, nullptr, &limit);
  is_reload_asked_ = is_reload_asked_ || signal == SIGHUP;
  came_ = signal > 0 && signal != SIGHUP;
  return came_;
}

}  // namespace weir
