// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/value.h"

namespace weir {

// What a collector's thread last told of itself, for those who ask. Thread-safe; the lock is held
// for as long as a pointer takes.
class CollectorBoard {
 public:
  struct Notice {
    Value::Array exporters;  // rows
    Value health;
    // As templates_text(); never null.
    std::shared_ptr<const std::string> templates = std::make_shared<std::string>();
  };

  void post(Notice notice) {
    auto fresh = std::make_shared<const Notice>(std::move(notice));
    const std::lock_guard lock(mutex_);
    notice_.swap(fresh);
  }
  // Never null; what is in it does not change any more.
  [[nodiscard]] std::shared_ptr<const Notice> latest() const {
    const std::lock_guard lock(mutex_);
    return notice_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Notice> notice_ = std::make_shared<const Notice>();
};

}  // namespace weir
