// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite_host_days.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/host_day_reader.h"
#include "store/host_day_table.h"
#include "store/sqlite_query.h"

namespace weir {
namespace {

using std::chrono::steady_clock;
using std::chrono::sys_seconds;

constexpr size_t kRowsAtOnce = 4000;
constexpr int64_t kRemovedAtOnce = 10'000;
constexpr size_t kDaysAtOnce = 2;  // around midnight
// Packets may be told of that much later than they came.
constexpr std::chrono::seconds kMargin{60};

sys_seconds system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

HostDayOptions with_defaults(HostDayOptions options) {
  if (!options.now) options.now = system_now;
  if (!options.utc_offset) options.utc_offset = system_utc_offset;
  return options;
}

Timestamp timestamp(sys_seconds when) {
  return Timestamp::from_nanoseconds(std::chrono::nanoseconds(when.time_since_epoch()).count());
}

struct Request {
  LocalDay day;
  std::string oldest;  // the first day that is kept
  bool is_over = false;
};

struct Figures {
  uint64_t rows = 0;
  uint64_t dumps = 0;
  uint64_t written = 0;
  std::string last_day;
  double last_ms = 0;
  uint64_t left_out = 0;
  uint64_t days_removed = 0;
  uint64_t failed = 0;
  std::string error;
};

int is_late(void* deadline) {
  return steady_clock::now() > *static_cast<steady_clock::time_point*>(deadline) ? 1 : 0;
}

}  // namespace

class SqliteHostDays::Impl {
 public:
  Impl(HostDayOptions options, SqliteDatabase written, SqliteDatabase read, HostDayWriter writer)
      : options_(with_defaults(std::move(options))),
        database_(std::move(written)),
        writer_(std::move(writer)),
        reading_(std::move(read)) {
    figures_.rows = count_rows();
    thread_ = std::jthread([this](const std::stop_token& stop) { write_what_is_asked(stop); });
  }
  ~Impl() {
    thread_.request_stop();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<std::string> dump(unsigned days_ago, unsigned keep_days) {
    const sys_seconds now = options_.now();
    Request request{local_day_before(now, days_ago, options_.utc_offset),
                    local_day_before(now, keep_days, options_.utc_offset).name, days_ago > 0};
    std::string day = request.day.name;
    const std::lock_guard lock(mutex_);
    const auto is_same = [&](const Request& waiting) { return waiting.day == request.day; };
    std::erase_if(waiting_, is_same);
    if (waiting_.size() >= kMaxWaiting) return Error{"too many days are waiting to be written", 0};
    waiting_.push_back(std::move(request));
    wake_.notify_all();
    return day;
  }

  bool wait_until_written(std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, patience, [this] { return waiting_.empty() && !is_writing_; });
  }

  template <typename Read>
  Answer read(Read&& read) {
    const std::lock_guard lock(reading_mutex_);
    steady_clock::time_point deadline = steady_clock::now() + kPatience;
    sqlite3_progress_handler(reading_.get(), 10'000, is_late, &deadline);
    Answer answer = read(reading_.get());
    sqlite3_progress_handler(reading_.get(), 0, nullptr, nullptr);
    return answer;
  }

  Value statistics() const {
    const std::lock_guard lock(mutex_);
    Value value = Value::Object{
        {"rows", figures_.rows},         {"limit_rows", uint64_t{options_.limit_rows}},
        {"dumps", figures_.dumps},       {"written", figures_.written},
        {"last_day", figures_.last_day}, {"last_ms", figures_.last_ms},
        {"left_out", figures_.left_out}, {"days_removed", figures_.days_removed},
        {"failed", figures_.failed}};
    if (!figures_.error.empty()) value.set("error", figures_.error);
    return value;
  }

  [[nodiscard]] const HostDayOptions& options() const { return options_; }

 private:
  struct Row {
    HostRecord host;
    std::string interface;
  };

  void write_what_is_asked(const std::stop_token& stop) {
    for (;;) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, stop, [this] { return !waiting_.empty(); });
      if (stop.stop_requested()) return;
      const Request request = std::move(waiting_.front());
      waiting_.pop_front();
      is_writing_ = true;
      lock.unlock();
      write_day(request, stop);
      lock.lock();
      is_writing_ = false;
      wake_.notify_all();
    }
  }

  // From here on it is the writing thread.

  void write_day(const Request& request, const std::stop_token& stop) {
    const auto begin = steady_clock::now();
    const Timestamp asked_at = timestamp(options_.now() - kMargin);
    const auto looked = looked_until_.find(request.day.name);
    const Timestamp from = std::max(timestamp(request.day.begin),
                                    looked == looked_until_.end() ? Timestamp() : looked->second);
    const Timestamp until = timestamp(request.day.end);
    remove_before(request.oldest);
    std::vector<Row> rows;
    options_.hosts([&](const HostRecord& host, std::string_view interface) {
      if (host.last_seen < from || !(host.first_seen < until) || stop.stop_requested()) return;
      rows.push_back({host, std::string(interface)});
      if (rows.size() == kRowsAtOnce) write_rows(request, rows);
    });
    write_rows(request, rows);
    finish_day(request);
    if (stop.stop_requested()) return;
    looked_until_[request.day.name] = asked_at;
    while (looked_until_.size() > kDaysAtOnce) looked_until_.erase(looked_until_.begin());
    const std::lock_guard lock(mutex_);
    ++figures_.dumps;
    figures_.last_day = request.day.name;
    figures_.last_ms =
        std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
  }

  // One commit; takes the rows.
  void write_rows(const Request& request, std::vector<Row>& rows) {
    uint64_t added = 0;
    uint64_t left_out = 0;
    const bool has_begun = check(run_sqlite(database_.get(), "BEGIN IMMEDIATE"));
    for (const Row& row : rows) {
      if (!has_begun || !has_room(request, added)) {
        ++left_out;
        continue;
      }
      const auto is_new = writer_.write(request.day.name, row.interface, row.host);
      if (check(is_new) && *is_new) ++added;
    }
    if (has_begun) check(run_sqlite(database_.get(), "COMMIT"));
    const std::lock_guard lock(mutex_);
    figures_.rows += added;
    figures_.written += rows.size() - left_out;
    figures_.left_out += left_out;
    rows.clear();
  }

  // Whether another row may come; makes room at the cost of the oldest other day.
  bool has_room(const Request& request, uint64_t added) {
    if (rows() + added < options_.limit_rows) return true;
    const std::string oldest = first_day();
    if (oldest.empty() || oldest >= request.day.name) return false;
    remove_day(oldest, kRemovedAtOnce);
    return rows() + added < options_.limit_rows;
  }

  void finish_day(const Request& request) {
    auto query = SqliteQuery::make(
        database_.get(),
        "INSERT OR REPLACE INTO day SELECT ?1, count(*), ?2 FROM host_day WHERE day = ?1");
    if (!check(query)) return;
    query->bind(1, std::string_view(request.day.name));
    query->bind(2, static_cast<int64_t>(request.is_over));
    check(query->run());
  }

  void remove_before(const std::string& day) {
    for (;;) {
      const std::string oldest = first_day();
      if (oldest.empty() || oldest >= day || !remove_day(oldest, kRemovedAtOnce)) return;
    }
  }

  // The oldest day there is; "" without any.
  std::string first_day() {
    auto query = SqliteQuery::make(database_.get(), "SELECT min(day) FROM day");
    if (!check(query)) return {};
    const auto row = query->step();
    return check(row) && *row ? query->bytes(0) : std::string();
  }

  // Some rows of a day, and the day with the last of them. False when that failed.
  bool remove_day(const std::string& day, int64_t at_most) {
    auto rows =
        SqliteQuery::make(database_.get(),
                          "DELETE FROM host_day WHERE (day, interface, key) IN"
                          " (SELECT day, interface, key FROM host_day WHERE day = ?1 LIMIT ?2)");
    if (!check(rows)) return false;
    rows->bind(1, std::string_view(day));
    rows->bind(2, at_most);
    if (!check(rows->run())) return false;
    const auto removed = static_cast<uint64_t>(sqlite3_changes(database_.get()));
    {
      const std::lock_guard lock(mutex_);
      figures_.rows -= std::min(figures_.rows, removed);
    }
    return static_cast<int64_t>(removed) == at_most || forget_day(day);
  }
  bool forget_day(const std::string& day) {
    auto query = SqliteQuery::make(database_.get(), "DELETE FROM day WHERE day = ?1");
    if (!check(query)) return false;
    query->bind(1, std::string_view(day));
    if (!check(query->run())) return false;
    const std::lock_guard lock(mutex_);
    ++figures_.days_removed;
    return true;
  }

  uint64_t rows() const {
    const std::lock_guard lock(mutex_);
    return figures_.rows;
  }

  uint64_t count_rows() {
    auto query = SqliteQuery::make(database_.get(), "SELECT count(*) FROM host_day");
    if (!check(query)) return 0;
    const auto row = query->step();
    return check(row) && *row ? static_cast<uint64_t>(query->whole(0)) : 0;
  }

  // Whether it went well; counts and keeps what did not.
  template <typename T>
  bool check(const Result<T>& result) {
    if (result.ok()) return true;
    const std::lock_guard lock(mutex_);
    ++figures_.failed;
    figures_.error = result.error().message;
    return false;
  }

  const HostDayOptions options_;
  SqliteDatabase database_;
  HostDayWriter writer_;
  std::map<std::string, Timestamp> looked_until_;  // by day; all that was seen before is written

  std::mutex reading_mutex_;
  SqliteDatabase reading_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable_any wake_;
  std::deque<Request> waiting_;
  bool is_writing_ = false;
  Figures figures_;
  std::jthread thread_;
};

Result<std::unique_ptr<SqliteHostDays>> SqliteHostDays::open(HostDayOptions options) {
  auto written = open_sqlite(options.file, host_day_schema().c_str());
  if (!written.ok()) return written.error();
  auto read = open_sqlite(options.file, "PRAGMA query_only = ON");
  if (!read.ok()) return read.error();
  auto writer = HostDayWriter::make(written->get());
  if (!writer.ok()) return writer.error().in(options.file);
  return std::unique_ptr<SqliteHostDays>(new SqliteHostDays(std::make_unique<Impl>(
      std::move(options), *std::move(written), *std::move(read), *std::move(writer))));
}

SqliteHostDays::SqliteHostDays(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteHostDays::~SqliteHostDays() = default;

Result<std::string> SqliteHostDays::dump(unsigned days_ago, unsigned keep_days) {
  return impl_->dump(days_ago, keep_days);
}
Answer SqliteHostDays::days() {
  return impl_->read(list_days);
}
Answer SqliteHostDays::hosts(std::string_view day, const ListRequest& request) {
  const double time = static_cast<double>(impl_->options().now().time_since_epoch().count());
  return impl_->read([&](sqlite3* database) {
    return list_hosts_of_day(database, day, request, impl_->options().max_rows, time);
  });
}
bool SqliteHostDays::wait_until_written(std::chrono::seconds patience) {
  return impl_->wait_until_written(patience);
}
Value SqliteHostDays::statistics() const {
  return impl_->statistics();
}

}  // namespace weir
