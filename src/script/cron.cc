// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/cron.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/worker_pool.h"
#include "script/cron_clock.h"
#include "script/script_figures.h"
#include "script/script_kinds.h"

namespace weir {
namespace {

constexpr size_t kMaxWaiting = 256;

std::chrono::seconds system_offset(std::chrono::sys_seconds when) {
  const auto seconds = static_cast<time_t>(when.time_since_epoch().count());
  tm local{};
  localtime_r(&seconds, &local);
  return std::chrono::seconds(local.tm_gmtoff);
}

// "minute/top_talkers", "checks/host/many_flows".
std::string name_in_table(std::string_view group, std::string_view name) {
  constexpr std::string_view kCron = "cron/";
  if (group.starts_with(kCron)) group.remove_prefix(kCron.size());
  return std::string(group).append("/").append(name);
}

}  // namespace

class Cron::Impl {
 public:
  Impl(ScriptRunner& scripts, CronOptions options)
      : scripts_(scripts), options_(std::move(options)), workers_(options_.workers, kMaxWaiting) {
    if (!options_.utc_offset) options_.utc_offset = system_offset;
    scripts_.set_health_part("cron", [this] { return table(); });
    if (options_.ticks_by_itself)
      thread_ = std::jthread([this](const std::stop_token& stop) { tick_each_second(stop); });
  }
  ~Impl() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
    workers_.stop();
    scripts_.set_health_part("cron", {});
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void tick(std::chrono::sys_seconds now) {
    std::vector<std::string_view> begun;
    {
      const std::lock_guard lock(mutex_);
      begun = clock_.advance(now, options_.utc_offset(now));
    }
    for (const ScriptKind& kind : kScriptKinds) {
      if (std::find(begun.begin(), begun.end(), kind.period) == begun.end()) continue;
      const std::vector<std::string> names = scripts_.scripts(kind.group);
      for (const std::string& name : names) start(kind, name, now);
      forget_removed(kind.group, names);
    }
  }

  Value table() const {
    const std::lock_guard lock(mutex_);
    Value::Array rows;
    for (const auto& [script, job] : jobs_) {
      rows.emplace_back(Value::Object{{"script", script},
                                      {"runs", job.done.runs},
                                      {"errors", job.done.errors},
                                      {"late", job.late},
                                      {"running", job.is_running},
                                      {"last_start", job.last_start},
                                      {"last_ms", job.done.last_ms},
                                      {"longest_ms", job.done.longest_ms},
                                      {"total_ms", job.done.total_ms}});
    }
    return Value::Object{{"missed_seconds", clock_.missed_seconds()}, {"scripts", std::move(rows)}};
  }

 private:
  struct Job {
    std::string group;
    std::string name;
    uint64_t late = 0;
    bool is_running = false;  // or waits for a thread
    int64_t last_start = 0;
    ScriptRuns done{};
  };

  void tick_each_second(const std::stop_token& stop) {
    std::mutex unused;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
      const auto now = std::chrono::system_clock::now();
      tick(std::chrono::floor<std::chrono::seconds>(now));
      std::unique_lock lock(unused);
      const auto next = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::seconds(1);
      wake.wait_until(lock, stop, next, [] { return false; });
    }
  }

  void start(const ScriptKind& kind, const std::string& name, std::chrono::sys_seconds now) {
    const std::string script = name_in_table(kind.group, name);
    const int64_t seconds = now.time_since_epoch().count();
    {
      const std::lock_guard lock(mutex_);
      Job& job = jobs_[script];
      if (job.is_running) {
        ++job.late;
        return;
      }
      job.group = kind.group;
      job.name = name;
      job.is_running = true;
      job.last_start = seconds;
    }
    ScriptRequest request{
        name,
        "",
        {{"time", std::to_string(seconds)}, {"every", std::to_string(kind.length.count())}},
        std::string(kind.group)};
    if (workers_.post([this, script, request = std::move(request)] { run(script, request); }))
      return;
    const std::lock_guard lock(mutex_);
    ++jobs_[script].late;
    jobs_[script].is_running = false;
  }

  void run(const std::string& script, const ScriptRequest& request) {
    const auto begin = std::chrono::steady_clock::now();
    const ScriptResponse response = scripts_.run(request);
    const auto took = std::chrono::steady_clock::now() - begin;
    const std::lock_guard lock(mutex_);
    Job& job = jobs_[script];
    job.is_running = false;
    job.done.count(took, response.status >= 500 ? std::string_view(response.body) : "");
  }

  // Scripts of the group whose file is gone leave the table; `there` is sorted.
  void forget_removed(std::string_view group, const std::vector<std::string>& there) {
    const std::lock_guard lock(mutex_);
    std::erase_if(jobs_, [&](const auto& entry) {
      const Job& job = entry.second;
      return job.group == group && !job.is_running &&
             !std::binary_search(there.begin(), there.end(), job.name);
    });
  }

  ScriptRunner& scripts_;
  CronOptions options_;
  mutable std::mutex mutex_;  // of the clock and the jobs
  CronClock clock_;
  std::map<std::string, Job> jobs_;  // by name_in_table()
  WorkerPool workers_;
  std::jthread thread_;
};

Cron::Cron(ScriptRunner& scripts, CronOptions options)
    : impl_(std::make_unique<Impl>(scripts, std::move(options))) {}
Cron::~Cron() = default;

void Cron::tick(std::chrono::sys_seconds now) {
  impl_->tick(now);
}
Value Cron::table() const {
  return impl_->table();
}

}  // namespace weir
