// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/sqlite_cache.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "cache/channels.h"
#include "cache/sqlite_statement.h"

namespace weir {
namespace {

// Removed in one go; a commit goes on until there is room.
constexpr int64_t kRemovedAtOnce = 256;
constexpr size_t kMaxNames = 100'000;

constexpr const char* kSchema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA user_version = 1;
CREATE TABLE IF NOT EXISTS entry(key BLOB NOT NULL UNIQUE, value BLOB NOT NULL, expires INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS entry_expires ON entry(expires) WHERE expires > 0;
CREATE TABLE IF NOT EXISTS element(number INTEGER PRIMARY KEY, list BLOB NOT NULL, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS element_list ON element(list, number);
CREATE TABLE IF NOT EXISTS preference(name BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)";

struct DatabaseCloser {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, DatabaseCloser>;

Result<Database> open_database(const std::string& file) {
  sqlite3* opened = nullptr;
  const int status =
      sqlite3_open_v2(file.empty() ? ":memory:" : file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened);
  if (status == SQLITE_OK &&
      sqlite3_exec(database.get(), kSchema, nullptr, nullptr, nullptr) == SQLITE_OK)
    return database;
  return Error{fmt::format("{}: {}", file, sqlite3_errmsg(database.get())), status};
}

std::chrono::seconds system_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch());
}

// Every statement there is.
struct Statements {
  explicit Statements(sqlite3* database)
      : begin(database, "BEGIN IMMEDIATE"),
        commit(database, "COMMIT"),
        sizes(database,
              "SELECT (SELECT total(length(key) + length(value)) FROM entry) +"
              " (SELECT total(length(list) + length(value)) FROM element)"),
        count(database, "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM element)"),
        get(database, "SELECT value FROM entry WHERE key = ?1 AND (expires = 0 OR expires > ?2)"),
        insert(database, "INSERT INTO entry(key, value, expires) VALUES(?1, ?2, ?3)"),
        erase(database, "DELETE FROM entry WHERE key = ?1 RETURNING length(key) + length(value)"),
        expire(database,
               "DELETE FROM entry WHERE rowid IN (SELECT rowid FROM entry WHERE expires > 0 AND"
               " expires <= ?1 LIMIT ?2) RETURNING length(key) + length(value)"),
        evict_entries(database,
                      "DELETE FROM entry WHERE rowid IN (SELECT rowid FROM entry ORDER BY rowid"
                      " LIMIT ?1) RETURNING length(key) + length(value)"),
        push(database, "INSERT INTO element(list, value) VALUES(?1, ?2)"),
        trim(database,
             "DELETE FROM element WHERE list = ?1 AND number <= (SELECT number FROM element WHERE"
             " list = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)"
             " RETURNING length(list) + length(value)"),
        newest(database, "SELECT value FROM element WHERE list = ?1 ORDER BY number DESC LIMIT ?2"),
        oldest(database,
               "DELETE FROM element WHERE number = (SELECT min(number) FROM element WHERE list ="
               " ?1) RETURNING length(list) + length(value), value"),
        evict_elements(database,
                       "DELETE FROM element WHERE number IN (SELECT number FROM element ORDER BY"
                       " number LIMIT ?1) RETURNING length(list) + length(value)"),
        set_preference(database, "INSERT OR REPLACE INTO preference(name, value) VALUES(?1, ?2)"),
        preference(database, "SELECT value FROM preference WHERE name = ?1"),
        erase_preference(database, "DELETE FROM preference WHERE name = ?1"),
        preference_names(database, "SELECT name FROM preference ORDER BY name LIMIT ?1") {}

  SqliteStatement begin, commit, sizes, count, get, insert, erase, expire, evict_entries, push,
      trim, newest, oldest, evict_elements, set_preference, preference, erase_preference,
      preference_names;
};

}  // namespace

class SqliteCache::Impl {
 public:
  Impl(SqliteCacheOptions options, Database database)
      : options_(std::move(options)), database_(std::move(database)), sql_(database_.get()) {
    if (!options_.now) options_.now = system_now;
    if (sql_.sizes.step() == SQLITE_ROW) bytes_ = static_cast<size_t>(sql_.sizes.number(0));
    sql_.sizes.reset();
    if (options_.commit_after.count() > 0)
      thread_ = std::jthread([this](const std::stop_token& stop) { commit_now_and_then(stop); });
  }
  ~Impl() {
    if (thread_.joinable()) {
      thread_.request_stop();
      thread_.join();
    }
    commit();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::optional<std::string> get(std::string_view key) {
    const std::lock_guard lock(mutex_);
    sql_.get.bind(1, key).bind(2, options_.now().count());
    return first_of(sql_.get);
  }

  void set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) {
    const std::lock_guard lock(mutex_);
    if (!is_acceptable(key, value)) return;
    begin();
    sql_.erase.bind(1, key);
    remove(sql_.erase);
    const int64_t expires = lifetime.count() > 0 ? (options_.now() + lifetime).count() : 0;
    if (check(sql_.insert.bind(1, key).bind(2, value).bind(3, expires).run()))
      bytes_ += key.size() + value.size();
    make_room();
  }

  void erase(std::string_view key) {
    const std::lock_guard lock(mutex_);
    begin();
    sql_.erase.bind(1, key);
    remove(sql_.erase);
  }

  void push(std::string_view list, std::string_view value, size_t keep) {
    const std::lock_guard lock(mutex_);
    if (!is_acceptable(list, value)) return;
    begin();
    if (check(sql_.push.bind(1, list).bind(2, value).run())) bytes_ += list.size() + value.size();
    sql_.trim.bind(1, list).bind(2, static_cast<int64_t>(std::min(keep, kMaxListLength)));
    remove(sql_.trim);
    make_room();
  }

  std::vector<std::string> newest(std::string_view list, size_t limit) {
    const std::lock_guard lock(mutex_);
    const auto most = static_cast<int64_t>(std::min(limit, kMaxListLength));
    return all_of(sql_.newest.bind(1, list).bind(2, most));
  }

  std::optional<std::string> take_oldest(std::string_view list) {
    const std::lock_guard lock(mutex_);
    begin();
    sql_.oldest.bind(1, list);
    std::optional<std::string> value;
    const int status = sql_.oldest.step();
    if (status == SQLITE_ROW) {
      value = sql_.oldest.bytes(1);
      forget(sql_.oldest.number(0));
    }
    check(status);
    sql_.oldest.reset();
    return value;
  }

  Result<void> set_preference(std::string_view name, std::string_view value) {
    const std::lock_guard lock(mutex_);
    if (!is_acceptable(name, value)) return Error{"the name or the value is too long", 0};
    begin();
    return keep(sql_.set_preference.bind(1, name).bind(2, value));
  }

  Result<void> erase_preference(std::string_view name) {
    const std::lock_guard lock(mutex_);
    begin();
    return keep(sql_.erase_preference.bind(1, name));
  }

  std::vector<std::string> preference_names(size_t limit) {
    const std::lock_guard lock(mutex_);
    return all_of(sql_.preference_names.bind(1, static_cast<int64_t>(std::min(limit, kMaxNames))));
  }

  std::optional<std::string> preference(std::string_view name) {
    const std::lock_guard lock(mutex_);
    sql_.preference.bind(1, name);
    return first_of(sql_.preference);
  }

  void publish(std::string_view channel, std::string_view message) {
    if (channel.size() <= kMaxKeyBytes && message.size() <= kMaxMessageBytes)
      return channels_.publish(channel, message);
    const std::lock_guard lock(mutex_);
    ++refused_;
  }
  Channels& channels() { return channels_; }

  Value statistics() {
    const std::lock_guard lock(mutex_);
    int64_t entries = 0;
    if (check(sql_.count.step())) entries = sql_.count.number(0);
    sql_.count.reset();
    Value value = Value::Object{{"kind", options_.file.empty() ? "memory" : "file"},
                                {"entries", entries},
                                {"bytes", uint64_t{bytes_}},
                                {"limit_bytes", uint64_t{options_.limit_bytes}},
                                {"evicted", evicted_},
                                {"refused", refused_},
                                {"failed", failed_}};
    if (!error_.empty()) value.set("error", error_);
    value.set("channels", channels_.statistics());
    return value;
  }

  void commit() {
    const std::lock_guard lock(mutex_);
    begin();
    is_dirty_ = false;
    if (!is_in_transaction()) return;
    sql_.expire.bind(1, options_.now().count()).bind(2, kRemovedAtOnce);
    remove(sql_.expire);
    check(sql_.commit.run());
  }

 private:
  void commit_now_and_then(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, stop, [this] { return is_dirty_; });
        // What comes meanwhile is committed with it.
        wake_.wait_for(lock, stop, options_.commit_after, [] { return false; });
      }
      if (!stop.stop_requested()) commit();
    }
  }

  // From here on the mutex is held.

  [[nodiscard]] bool is_in_transaction() const {
    return sqlite3_get_autocommit(database_.get()) == 0;
  }

  // An error of the disk may have ended the transaction before. One that cannot begin (another
  // process writes) is tried again with the next write; this one is on its own.
  void begin() {
    if (!is_in_transaction()) check(sql_.begin.run());
    if (!std::exchange(is_dirty_, true)) wake_.notify_one();
  }

  // Whether it went well; counts and keeps what did not.
  bool check(int status) {
    if (status == SQLITE_ROW || status == SQLITE_DONE || status == SQLITE_OK) return true;
    ++failed_;
    error_ = sqlite3_errmsg(database_.get());
    return false;
  }

  bool is_acceptable(std::string_view key, std::string_view value) {
    if (key.size() <= kMaxKeyBytes && value.size() <= kMaxValueBytes) return true;
    ++refused_;
    return false;
  }

  std::optional<std::string> first_of(SqliteStatement& query) {
    std::optional<std::string> value;
    const int status = query.step();
    if (status == SQLITE_ROW) value = query.bytes(0);
    check(status);
    query.reset();
    return value;
  }

  std::vector<std::string> all_of(SqliteStatement& query) {
    std::vector<std::string> found;
    int status = query.step();
    for (; status == SQLITE_ROW; status = query.step()) found.push_back(query.bytes(0));
    check(status);
    query.reset();
    return found;
  }

  // Runs a statement about preferences and commits it with all that is open.
  Result<void> keep(SqliteStatement& change) {
    if (check(change.run()) && (!is_in_transaction() || check(sql_.commit.run()))) return {};
    return Error{error_, 0};
  }

  void forget(int64_t bytes) { bytes_ -= std::min(bytes_, static_cast<size_t>(bytes)); }

  // Runs a statement that deletes and returns the bytes of each row; how many there were.
  size_t remove(SqliteStatement& deletion) {
    size_t count = 0;
    int status = deletion.step();
    for (; status == SQLITE_ROW; status = deletion.step(), ++count) forget(deletion.number(0));
    check(status);
    deletion.reset();
    return count;
  }

  void make_room() {
    while (bytes_ > options_.limit_bytes) {
      sql_.expire.bind(1, options_.now().count()).bind(2, kRemovedAtOnce);
      if (remove(sql_.expire) > 0) continue;
      sql_.evict_entries.bind(1, kRemovedAtOnce / 8);
      size_t gone = remove(sql_.evict_entries);
      if (gone == 0) {
        sql_.evict_elements.bind(1, kRemovedAtOnce / 8);
        gone = remove(sql_.evict_elements);
      }
      if (gone == 0) return;
      evicted_ += gone;
    }
  }

  SqliteCacheOptions options_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  Database database_;
  Statements sql_;
  bool is_dirty_ = false;
  size_t bytes_ = 0;
  uint64_t evicted_ = 0;
  uint64_t refused_ = 0;
  uint64_t failed_ = 0;
  std::string error_;
  Channels channels_;
  std::jthread thread_;
};

Result<std::unique_ptr<SqliteCache>> SqliteCache::open(SqliteCacheOptions options) {
  Result<Database> database = open_database(options.file);
  if (!database.ok()) return database.error();
  return std::unique_ptr<SqliteCache>(
      new SqliteCache(std::make_unique<Impl>(std::move(options), *std::move(database))));
}

SqliteCache::SqliteCache(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteCache::~SqliteCache() = default;

std::optional<std::string> SqliteCache::get(std::string_view key) {
  return impl_->get(key);
}
void SqliteCache::set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) {
  impl_->set(key, value, lifetime);
}
void SqliteCache::erase(std::string_view key) {
  impl_->erase(key);
}
void SqliteCache::push(std::string_view list, std::string_view value, size_t keep) {
  impl_->push(list, value, keep);
}
std::vector<std::string> SqliteCache::newest(std::string_view list, size_t limit) {
  return impl_->newest(list, limit);
}
std::optional<std::string> SqliteCache::take_oldest(std::string_view list) {
  return impl_->take_oldest(list);
}
Result<void> SqliteCache::set_preference(std::string_view name, std::string_view value) {
  return impl_->set_preference(name, value);
}
std::optional<std::string> SqliteCache::preference(std::string_view name) {
  return impl_->preference(name);
}
Result<void> SqliteCache::erase_preference(std::string_view name) {
  return impl_->erase_preference(name);
}
std::vector<std::string> SqliteCache::preference_names(size_t limit) {
  return impl_->preference_names(limit);
}
void SqliteCache::publish(std::string_view channel, std::string_view message) {
  impl_->publish(channel, message);
}
std::shared_ptr<Mailbox> SqliteCache::subscribe(std::string_view channel,
                                                std::function<void()> on_message) {
  return impl_->channels().subscribe(channel, std::move(on_message));
}
std::vector<CacheMessage> SqliteCache::messages(std::string_view channel, uint64_t after,
                                                size_t limit) {
  return impl_->channels().messages(channel, after, limit);
}
Value SqliteCache::statistics() {
  return impl_->statistics();
}
void SqliteCache::commit() {
  impl_->commit();
}

}  // namespace weir
