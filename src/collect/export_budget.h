// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace weir {

// Memory for something that strangers fill, of all exporters together. Owner: the collector's
// thread.
class ExportBudget {
 public:
  explicit ExportBudget(size_t limit) : limit_(limit) {}

  [[nodiscard]] bool take(size_t bytes) {
    if (bytes > limit_ - used_) return false;
    used_ += bytes;
    return true;
  }
  void give_back(size_t bytes) { used_ -= bytes; }
  [[nodiscard]] size_t used() const { return used_; }
  [[nodiscard]] size_t limit() const { return limit_; }

 private:
  size_t limit_;
  size_t used_ = 0;  // at most limit_
};

}  // namespace weir
