// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <thread>

namespace weir::test {

// Whether the condition holds within half a minute, which is for machines that are busy with other
// tests. It is what threads or other programs are about to do, so it is looked at now and then.
template <typename Condition>
[[nodiscard]] bool comes_true(Condition&& condition) {
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > patience) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace weir::test
