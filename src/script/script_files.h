// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir {

// One version of a script that compiles. Shared: immutable.
struct ScriptText {
  std::string chunk_name;  // "rest/hosts.lua"
  std::string text;
  uint64_t version = 0;  // differs between any two versions of any two files
};

enum class ScriptFileError { kMissing, kBroken };

// How a file is: `problem` is why its newest version is not used, with the line; "" when it is.
struct ScriptFileState {
  int64_t changed = 0;     // seconds since 1970
  bool is_usable = false;  // that version or an earlier one
  std::string problem;
  std::string about;  // the comment at its head, of the version that is used
};

// The script files under a folder. Each `get` looks whether the file has changed since (one stat)
// and takes the new version if it compiles; otherwise says why to `on_error`, once per version, and
// keeps the last good one. Thread-safe.
class ScriptFiles {
 public:
  using OnError = std::function<void(const std::string&)>;
  static constexpr size_t kMaxFileBytes = size_t{1} << 20;

  ScriptFiles(std::string folder, OnError on_error);

  // The file FOLDER/GROUP/NAME.lua. NAME is refused (kMissing) unless it is a script name: nothing
  // from outside becomes part of a path. kBroken: it is there, but there never was a version that
  // compiled.
  [[nodiscard]] Result<std::shared_ptr<const ScriptText>, ScriptFileError> get(
      std::string_view group, std::string_view name);

  // The same without the text, of a file that is there; looks whether it has changed, too.
  [[nodiscard]] std::optional<ScriptFileState> state(std::string_view group, std::string_view name);

  // The names of the scripts of a group, as in the folder now, sorted.
  [[nodiscard]] std::vector<std::string> names(std::string_view group) const;

  // What the file says now, whether it compiles or not; nothing when there is no such file or it is
  // longer than kMaxFileBytes.
  [[nodiscard]] std::optional<std::string> text(std::string_view group,
                                                std::string_view name) const;
  // Writes the file, whole or not at all, and takes it away. Error: no name of a script, or what
  // the file system says.
  [[nodiscard]] Result<void> save(std::string_view group, std::string_view name,
                                  std::string_view text);
  [[nodiscard]] Result<void> remove(std::string_view group, std::string_view name);

  [[nodiscard]] uint64_t load_errors() const;

 private:
  struct Stamp {
    int64_t seconds = 0;
    int64_t nanoseconds = 0;
    int64_t size = -1;
    uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    Stamp stamp;
    std::shared_ptr<const ScriptText> good;
    std::string problem;
  };
  // The entry of a file as it is now; null: there is no such file. The mutex is held.
  [[nodiscard]] Entry* find(std::string_view group, std::string_view name);
  [[nodiscard]] std::string path_of(std::string_view group, std::string_view name) const;
  void reload(Entry& entry, const std::string& path, const std::string& chunk_name);

  const std::string folder_;
  const OnError on_error_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  uint64_t next_version_ = 1;
  uint64_t load_errors_ = 0;
};

// The lines of comment at the head of a script, without the licence's; at most 1,000 bytes.
[[nodiscard]] std::string comment_at_head(std::string_view script);

// Lower-case letters, digits and underscores, at most 64.
[[nodiscard]] bool is_script_name(std::string_view name);

}  // namespace weir
