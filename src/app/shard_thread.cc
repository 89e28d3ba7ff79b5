// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shard_thread.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>

#include "base/log.h"
#include "base/result.h"

namespace weir {
namespace {

void pin(InputStatus& status, uint32_t cpu) {
  cpu_set_t only;
  CPU_ZERO(&only);
  if (cpu < CPU_SETSIZE) CPU_SET(cpu, &only);
  if (const int error = ::pthread_setaffinity_np(::pthread_self(), sizeof only, &only);
      error != 0) {
    log_warning(system_error(fmt::format("--cpus: processor {}", cpu), error).message);
    return;
  }
  status.cpu.set(static_cast<int32_t>(cpu) + 1);
}

}  // namespace

void begin_shard_thread(InputStatus& status, std::optional<uint32_t> cpu) {
  if (cpu) pin(status, *cpu);
  status.thread_id.set(::gettid());
}

void publish_thread_times(InputStatus& status) {
  // The first two numbers.
  std::ifstream file("/proc/thread-self/schedstat");
  uint64_t on_cpu = 0;
  uint64_t waiting = 0;
  if (!(file >> on_cpu >> waiting)) return;
  status.cpu_ns.set(on_cpu);
  status.waiting_ns.set(waiting);
}

}  // namespace weir
