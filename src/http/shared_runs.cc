// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/shared_runs.h"

#include <utility>

namespace weir {

bool SharedRuns::wait(Waiter waiter) {
  const std::lock_guard lock(mutex_);
  std::vector<Waiter>& waiters = waiting_[waiter.asked.target];
  waiters.push_back(std::move(waiter));
  if (waiters.size() == 1) return true;
  ++shared_;
  return false;
}

std::vector<SharedRuns::Waiter> SharedRuns::take(const std::string& target) {
  const std::lock_guard lock(mutex_);
  auto waiters = waiting_.extract(target);
  return waiters.empty() ? std::vector<Waiter>{} : std::move(waiters.mapped());
}

void SharedRuns::clear() {
  std::map<std::string, std::vector<Waiter>> unwanted;  // destroyed after the lock: others' code
  const std::lock_guard lock(mutex_);
  unwanted.swap(waiting_);
}

}  // namespace weir
