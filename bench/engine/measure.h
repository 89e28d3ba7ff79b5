// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::bench {

// Seconds of CPU time that the calling thread has used: neighbours on the core do not count, what
// they do to caches and memory does.
[[nodiscard]] double thread_cpu_seconds();

// Bytes of memory that are resident in this process. Cost: a system call and a read of /proc.
[[nodiscard]] size_t resident_bytes();

// How often the kernel has taken the core away from the calling thread.
[[nodiscard]] uint64_t preemptions();

// What several rounds gave. 0 for none.
struct Spread {
  double median = 0;
  double min = 0;
  double max = 0;
};
[[nodiscard]] Spread spread_of(std::vector<double> values);

// The smallest value that at least `fraction` of the values do not exceed, the largest rather than
// one too small; 0 for none.
[[nodiscard]] double quantile(std::vector<double> values, double fraction);

}  // namespace weir::bench
