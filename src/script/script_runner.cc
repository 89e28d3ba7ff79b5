// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_runner.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/syslog.h"
#include "script/health_parts.h"
#include "script/lua_state.h"
#include "script/script_figures.h"
#include "script/script_files.h"

namespace weir {
namespace {

ScriptOptions with_defaults(ScriptOptions options) {
  if (!options.on_error) options.on_error = [](const std::string& line) { log_error(line); };
  if (!options.outlets.log) options.outlets.log = log_line;
  if (!options.outlets.syslog) options.outlets.syslog = tell_syslog;
  return options;
}

}  // namespace

class ScriptRunner::Impl {
 public:
  Impl(ScriptOptions options, const Questions& questions)
      : options_(with_defaults(std::move(options))),
        questions_(questions),
        files_(options_.folder, options_.on_error) {}

  ScriptResponse run(const ScriptRequest& request) {
    ++runs_;
    std::unique_ptr<LuaState> state = take();
    if (!state) return failed(request, {RunError::Kind::kOutOfMemory, "no memory for a Lua state"});
    const auto begin = std::chrono::steady_clock::now();
    Result<ScriptResponse, RunError> answer = state->run(request);
    const auto took = std::chrono::steady_clock::now() - begin;
    const bool is_missing = !answer.ok() && answer.error().kind == RunError::Kind::kMissing;
    if (!is_missing)
      figures_.count(request.group + "/" + request.resource, took,
                     answer.ok() ? std::string_view() : answer.error().message);
    if (answer.ok()) {
      give_back(std::move(state));
      return *std::move(answer);
    }
    if (answer.error().kind == RunError::Kind::kMissing) {
      give_back(std::move(state));
      return problem_response(404, "There is no such resource.");
    }
    return failed(request, answer.error());
  }

  [[nodiscard]] ScriptStatistics statistics() const {
    return {runs_, errors_, files_.load_errors()};
  }

  ScriptFiles& files() { return files_; }
  HealthParts& health_parts() { return health_parts_; }

 private:
  std::unique_ptr<LuaState> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<LuaState> state = std::move(idle_.back());
        idle_.pop_back();
        return state;
      }
    }
    return LuaState::make({files_, questions_, health_parts_, figures_, options_},
                          {options_.memory_limit_bytes, {options_.cpu_limit, options_.wall_limit}});
  }

  void give_back(std::unique_ptr<LuaState> state) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(state));
  }

  // On the channel of what happens.
  void tell_that_it_ended(const std::string& script, const RunError& error) {
    if (options_.cache == nullptr) return;
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    options_.cache->publish("events", to_json(Value::Object{{"event", "script_ended"},
                                                            {"time", now.count()},
                                                            {"script", script},
                                                            {"text", error.message}}));
  }

  ScriptResponse failed(const ScriptRequest& request, const RunError& error) {
    ++errors_;
    if (error.kind == RunError::Kind::kOutOfMemory || error.kind == RunError::Kind::kOutOfTime)
      tell_that_it_ended(request.group + "/" + request.resource, error);
    options_.on_error("script " + request.group + "/" + request.resource + ": " + error.message);
    switch (error.kind) {
      case RunError::Kind::kOutOfMemory:
        return problem_response(
            500,
            "The answer does not fit in the memory of a script. Ask for fewer rows or columns.");
      case RunError::Kind::kOutOfTime:
        return problem_response(500, "The answer took too long. Ask for fewer rows or columns.");
      default:
        return problem_response(500,
                                "The script of this resource failed. The log of weir says why.");
    }
  }

  const ScriptOptions options_;
  const Questions& questions_;
  ScriptFiles files_;
  HealthParts health_parts_;
  ScriptFigures figures_;
  std::atomic<uint64_t> runs_{0};
  std::atomic<uint64_t> errors_{0};
  std::mutex mutex_;
  std::vector<std::unique_ptr<LuaState>> idle_;
};

Result<std::unique_ptr<ScriptRunner>> ScriptRunner::open(ScriptOptions options,
                                                         const Questions& questions) {
  std::error_code error;
  if (!std::filesystem::is_directory(options.folder + "/rest", error)) {
    return Error{"scripts: no folder " + options.folder + "/rest", error.value()};
  }
  return std::unique_ptr<ScriptRunner>(
      new ScriptRunner(std::make_unique<Impl>(std::move(options), questions)));
}

ScriptRunner::ScriptRunner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ScriptRunner::~ScriptRunner() = default;

ScriptResponse ScriptRunner::run(const ScriptRequest& request) {
  return impl_->run(request);
}
std::vector<std::string> ScriptRunner::scripts(std::string_view group) const {
  return impl_->files().names(group);
}
ScriptStatistics ScriptRunner::statistics() const {
  return impl_->statistics();
}

void ScriptRunner::set_health_part(const std::string& name, std::function<Value()> figures) {
  impl_->health_parts().set(name, std::move(figures));
}

}  // namespace weir
