// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>

#include <sys/eventfd.h>
#include <unistd.h>

namespace weir {

// Wakes a thread that polls. Thread-safe.
class WakeUp {
 public:
  WakeUp() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { assert(descriptor_ >= 0); }
  ~WakeUp() { close(descriptor_); }
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void call() const { (void)eventfd_write(descriptor_, 1); }
  // From here on calls wake again.
  void heard() const {
    eventfd_t unused = 0;
    (void)eventfd_read(descriptor_, &unused);
  }
  // Readable from a call on.
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace weir
