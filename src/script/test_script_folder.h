// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/test_folder.h"

namespace weir {

// A folder of scripts for one test, removed with it.
class ScriptFolder {
 public:
  ScriptFolder() {
    std::filesystem::create_directory(path_ + "/rest");
    std::filesystem::create_directory(path_ + "/lib");
    std::filesystem::create_directory(path_ + "/pages");
  }

  // Each version of a file is a second younger than the one before, whatever the file system's
  // clock resolves.
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path_ + "/" + name).parent_path());
    folder_.write(name, text);
    age_ += std::chrono::seconds(1);
    std::filesystem::last_write_time(path_ + "/" + name, std::filesystem::file_time_type() + age_);
  }
  // A copy of a script that comes with weir.
  void bring(const std::string& name) {
    std::ifstream file(std::string(WEIR_SOURCE_DIR "/scripts/") + name);
    write(name, {std::istreambuf_iterator<char>(file), {}});
  }
  void remove(const std::string& name) { std::filesystem::remove(path_ + "/" + name); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  test::TestFolder folder_;
  std::string path_ = folder_.path();
  std::chrono::seconds age_{0};
};

}  // namespace weir
