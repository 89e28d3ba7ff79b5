// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace weir {

// Whoever holds it is the only one who writes to what lies in a folder: a lock on its file `lock`
// (flock(2)), which ends with the process at the latest.
class FolderLock {
 public:
  // Error: somebody else has it, or the folder cannot be written to.
  static Result<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace weir
