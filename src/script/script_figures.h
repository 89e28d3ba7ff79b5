// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace weir {

// How often a script ran and how long it took.
struct ScriptRuns {
  uint64_t runs = 0;
  uint64_t errors = 0;
  double last_ms = 0;
  double longest_ms = 0;
  double total_ms = 0;
  std::string last_error{};  // of the last run, with file and line; empty: there was none

  static constexpr size_t kMaxErrorBytes = 1000;

  // `error`: why the run failed; empty when it did not.
  void count(std::chrono::nanoseconds took, std::string_view error) {
    last_ms = std::chrono::duration<double, std::milli>(took).count();
    longest_ms = std::max(longest_ms, last_ms);
    total_ms += last_ms;
    ++runs;
    if (!error.empty()) ++errors;
    last_error = error.substr(0, kMaxErrorBytes);
  }
};

// The runs of each script, by "GROUP/NAME"; of the first kMaxScripts that ran. Thread-safe.
class ScriptFigures {
 public:
  static constexpr size_t kMaxScripts = 4096;
  void count(const std::string& script, std::chrono::nanoseconds took, std::string_view error) {
    const std::lock_guard lock(mutex_);
    if (runs_.size() >= kMaxScripts && !runs_.contains(script)) return;
    runs_[script].count(took, error);
  }
  [[nodiscard]] ScriptRuns of(const std::string& script) const {
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(script);
    return found == runs_.end() ? ScriptRuns{} : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, ScriptRuns> runs_;
};

}  // namespace weir
