// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {

// Scripts of a folder with answers of a test's own and a cache in memory.
template <typename AskedQuestions, typename Folder>
class ScriptsOf : public ::testing::Test {
 protected:
  AskedQuestions questions_;
  Folder folder_;
  std::vector<std::string> errors_;
  std::atomic<std::chrono::seconds> cache_time_{std::chrono::seconds(1'700'000'000)};
  std::unique_ptr<SqliteCache> cache_ = *SqliteCache::open(
      {.file = "", .commit_after = {}, .now = [this] { return cache_time_.load(); }});
  std::unique_ptr<ScriptRunner> runner_ =
      *ScriptRunner::open({.folder = folder_.path(),
                           .on_error = [this](const std::string& line) { errors_.push_back(line); },
                           .cache = cache_.get()},
                          questions_);
};

struct BundledFolder {
  [[nodiscard]] static std::string path() { return WEIR_SOURCE_DIR "/scripts"; }
};
template <typename AskedQuestions>
using BundledScripts = ScriptsOf<AskedQuestions, BundledFolder>;
// Those that a test writes, or brings.
template <typename AskedQuestions>
using WrittenScripts = ScriptsOf<AskedQuestions, ScriptFolder>;

}  // namespace weir
