// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "base/value.h"

namespace weir {

// What other parts of the program add to the answer of `ntop.health()`. Thread-safe.
class HealthParts {
 public:
  // An empty function takes the part away. Returns when no `add_to` uses the earlier one any more.
  void set(const std::string& name, std::function<Value()> figures) {
    const std::unique_lock lock(mutex_);
    if (figures) {
      parts_[name] = std::move(figures);
    } else {
      parts_.erase(name);
    }
  }

  // REQUIRES: `health` is an object.
  void add_to(Value& health) const {
    const std::shared_lock lock(mutex_);
    for (const auto& [name, figures] : parts_) health.set(name, figures());
  }

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::function<Value()>> parts_;
};

}  // namespace weir
