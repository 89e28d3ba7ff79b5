// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "script/script_runner.h"

namespace weir {

// The bundled scripts with answers of a test's own and a cache in memory.
template <typename AskedQuestions>
class BundledScripts : public ::testing::Test {
 protected:
  AskedQuestions questions_;
  std::vector<std::string> errors_;
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  std::unique_ptr<ScriptRunner> runner_ =
      *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts",
                           .on_error = [this](const std::string& line) { errors_.push_back(line); },
                           .cache = cache_.get()},
                          questions_);
};

}  // namespace weir
