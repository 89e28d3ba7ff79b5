// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_folder.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/printable.h"

namespace weir {

Result<DataFolder> DataFolder::take(const std::string& folder) {
  DataFolder data;
  if (folder.empty()) return data;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{fmt::format("--data {}: {}", folder, error.message()), error.value()};
  auto lock = FolderLock::take(folder);
  if (!lock) {
    log_error(printable(fmt::format("--data {}: weir goes on as without it and keeps nothing there",
                                    lock.error().message)));
    data.is_lost = true;
    return data;
  }
  data.path = folder;
  data.lock = *std::move(lock);
  return data;
}

}  // namespace weir
