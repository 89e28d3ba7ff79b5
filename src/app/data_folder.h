// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "app/folder_lock.h"
#include "base/result.h"

namespace weir {

// The folder of --data, which is this weir's alone as long as this lives.
struct DataFolder {
  // Makes the folder if needed. One that another weir uses, or that cannot be written to, is left
  // alone, which is logged: nothing outlives weir then. No folder is none. Error: it cannot be
  // made.
  static Result<DataFolder> take(const std::string& folder);

  std::string path;      // empty: there is none
  bool is_lost = false;  // there is one, and it is not ours
  std::optional<FolderLock> lock;
};

}  // namespace weir
