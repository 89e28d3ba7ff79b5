// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/test_folder.h"
#include "capture/capture_file.h"
#include "capture/test_captures.h"

namespace weir::test {

// A file that is there as long as this is.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content) { folder_.write("capture", content); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  TestFolder folder_;
  std::string path_ = folder_.path() / "capture";
};

// What reading a file makes of one with this content; its path is cut from the error.
inline Reading read_file(std::string_view content) {
  const TemporaryFile file(content);
  auto source = open_capture_file(file.path());
  if (!source) return {{}, source.error().message.substr(file.path().size())};
  Reading reading = read_to_end(**source);
  if (!reading.error.empty()) reading.error.erase(0, file.path().size());
  return reading;
}

inline Reading read_file(const FileBytes& file) {
  return read_file(file.bytes());
}

}  // namespace weir::test
