// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/whole_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <unistd.h>

namespace weir {

Result<void> write_whole_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  std::error_code error;
  ::unlink(fresh.c_str());  // a link there leads to a file of somebody's
  errno = 0;
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file) {
    std::filesystem::rename(fresh, path, error);
  } else {
    error.assign(errno != 0 ? errno : EIO, std::generic_category());
  }
  if (!error) return {};
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  return system_error(path, error.value());
}

}  // namespace weir
