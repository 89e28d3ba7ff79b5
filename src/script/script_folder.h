// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace weir {

// A folder of scripts for one test, removed with it.
class ScriptFolder {
 public:
  ScriptFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "weir-scripts-XXXXXX";
    path_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(path_ + "/rest");
    std::filesystem::create_directory(path_ + "/lib");
  }
  ~ScriptFolder() { std::filesystem::remove_all(path_); }
  ScriptFolder(const ScriptFolder&) = delete;
  ScriptFolder& operator=(const ScriptFolder&) = delete;

  // Each version of a file is a second younger than the one before, whatever the file system's
  // clock resolves.
  void write(const std::string& name, const std::string& text) {
    const std::string file = path_ + "/" + name;
    std::ofstream(file) << text;
    age_ += std::chrono::seconds(1);
    std::filesystem::last_write_time(file, std::filesystem::file_time_type() + age_);
  }
  void remove(const std::string& name) { std::filesystem::remove(path_ + "/" + name); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::chrono::seconds age_{0};
};

}  // namespace weir
