// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>
#include <lua.hpp>

#include "base/whole_file.h"

namespace weir {
namespace {

struct LuaCloser {
  void operator()(lua_State* state) const { lua_close(state); }
};

std::optional<std::string> compile_error(const std::string& text, const std::string& chunk_name) {
  const std::unique_ptr<lua_State, LuaCloser> state(luaL_newstate());
  if (!state) return "not enough memory";
  const std::string source_name = "@" + chunk_name;
  if (luaL_loadbufferx(state.get(), text.data(), text.size(), source_name.c_str(), "t") == 0)
    return std::nullopt;
  return std::string(lua_tostring(state.get(), -1));
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return std::nullopt;
  return text;
}

}  // namespace

bool is_script_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string comment_at_head(std::string_view script) {
  constexpr size_t kMaxBytes = 1000;
  std::string about;
  while (script.substr(0, 2) == "--" && about.size() < kMaxBytes) {
    const size_t end = std::min(script.find('\n'), script.size());
    std::string_view line = script.substr(2, end - 2);
    script.remove_prefix(std::min(script.size(), end + 1));
    line.remove_prefix(std::min(line.find_first_not_of(" -"), line.size()));
    if (line.empty() || line.substr(0, 5) == "SPDX-") continue;
    about.append(about.empty() ? "" : " ").append(line);
  }
  if (about.size() > kMaxBytes) about.resize(kMaxBytes);
  return about;
}

ScriptFiles::ScriptFiles(std::string folder, OnError on_error)
    : folder_(std::move(folder)), on_error_(std::move(on_error)) {}

Result<std::shared_ptr<const ScriptText>, ScriptFileError> ScriptFiles::get(std::string_view group,
                                                                            std::string_view name) {
  const std::lock_guard lock(mutex_);
  const Entry* entry = find(group, name);
  if (entry == nullptr) return ScriptFileError::kMissing;
  if (!entry->good) return ScriptFileError::kBroken;
  return entry->good;
}

std::optional<ScriptFileState> ScriptFiles::state(std::string_view group, std::string_view name) {
  const std::lock_guard lock(mutex_);
  const Entry* entry = find(group, name);
  if (entry == nullptr) return std::nullopt;
  ScriptFileState state{entry->stamp.seconds, entry->good != nullptr, entry->problem, {}};
  if (entry->good) state.about = comment_at_head(entry->good->text);
  return state;
}

ScriptFiles::Entry* ScriptFiles::find(std::string_view group, std::string_view name) {
  if (!is_script_name(name)) return nullptr;
  const std::string chunk_name = fmt::format("{}/{}.lua", group, name);
  const std::string path = folder_ + "/" + chunk_name;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    entries_.erase(chunk_name);
    return nullptr;
  }
  const Stamp stamp{status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino};
  Entry& entry = entries_[chunk_name];
  if (entry.stamp != stamp) {
    entry.stamp = stamp;
    reload(entry, path, chunk_name);
  }
  return &entry;
}

void ScriptFiles::reload(Entry& entry, const std::string& path, const std::string& chunk_name) {
  std::optional<std::string> problem;
  std::string text;
  if (entry.stamp.size > static_cast<int64_t>(kMaxFileBytes)) {
    problem = fmt::format("{}: longer than {} bytes", chunk_name, kMaxFileBytes);
  } else if (std::optional<std::string> read = read_file(path)) {
    text = std::move(*read);
    problem = compile_error(text, chunk_name);
  } else {
    problem = chunk_name + ": cannot be read";
  }
  if (!problem) {
    entry.good =
        std::make_shared<ScriptText>(ScriptText{chunk_name, std::move(text), next_version_++});
    entry.problem.clear();
    return;
  }
  entry.problem = *problem;
  ++load_errors_;
  on_error_(
      fmt::format("script {}{}", *problem, entry.good ? " (the last good version stays)" : ""));
}

std::vector<std::string> ScriptFiles::names(std::string_view group) const {
  std::vector<std::string> found;
  std::error_code error;
  const std::filesystem::path folder = folder_ + "/" + std::string(group);
  for (auto at = std::filesystem::directory_iterator(folder, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    const std::string stem = at->path().stem().string();
    if (at->path().extension() == ".lua" && is_script_name(stem)) found.push_back(stem);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string ScriptFiles::path_of(std::string_view group, std::string_view name) const {
  return fmt::format("{}/{}/{}.lua", folder_, group, name);
}

std::optional<std::string> ScriptFiles::text(std::string_view group, std::string_view name) const {
  if (!is_script_name(name)) return std::nullopt;
  const std::string path = path_of(group, name);
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  if (std::filesystem::file_size(path, error) > kMaxFileBytes || error) return std::nullopt;
  return read_file(path);
}

Result<void> ScriptFiles::save(std::string_view group, std::string_view name,
                               std::string_view text) {
  if (!is_script_name(name)) return Error{"no name of a script"};
  const std::string path = path_of(group, name);
  const std::lock_guard lock(mutex_);  // one at a time, as write_whole_file() wants it
  std::error_code ignored;             // the file says what is wrong with its folder
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  return write_whole_file(path, text);
}

Result<void> ScriptFiles::remove(std::string_view group, std::string_view name) {
  if (!is_script_name(name)) return Error{"no name of a script"};
  const std::lock_guard lock(mutex_);
  std::error_code error;
  const std::string path = path_of(group, name);
  if (std::filesystem::remove(path, error)) return {};
  return error ? system_error(path, error.value()) : Error{"there is no such script"};
}

uint64_t ScriptFiles::load_errors() const {
  const std::lock_guard lock(mutex_);
  return load_errors_;
}

}  // namespace weir
