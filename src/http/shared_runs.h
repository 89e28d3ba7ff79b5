// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "http/http_message.h"

namespace weir {

// Requests for the same target that wait for a script at the same time get the answer of one run.
// It begins after the last of them came, so nobody gets an answer that is older than the question.
// There are never more who wait than there are connections. Thread-safe.
class SharedRuns {
 public:
  struct Waiter {
    HttpRequest asked;
    std::function<void(HttpAnswer)> send;
  };

  // True when nobody waits for that target yet: then the caller sees to it that take() is called.
  // REQUIRES: a request without effects.
  [[nodiscard]] bool wait(Waiter waiter);
  // Those who wait for the run that begins now; who comes later waits for the next.
  [[nodiscard]] std::vector<Waiter> take(const std::string& target);
  // Nobody waits any more, and nobody gets an answer.
  void clear();
  // Requests that did not need a run of their own.
  [[nodiscard]] uint64_t shared() const { return shared_; }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Waiter>> waiting_;
  std::atomic<uint64_t> shared_{0};
};

}  // namespace weir
