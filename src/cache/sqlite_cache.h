// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "cache/cache.h"

namespace weir {

struct SqliteCacheOptions {
  std::string file;                       // empty: in memory, gone with the process
  size_t limit_bytes = size_t{64} << 20;  // of keys and values
  // How long a write waits for others before all of them are committed. 0: only when commit() is
  // called.
  std::chrono::milliseconds commit_after{250};
  std::function<std::chrono::seconds()> now;  // since 1970; empty: the system clock
};

// A Cache in one SQLite file. Cost: 2 to 5 µs an operation, but for preferences, which wait for the
// file system.
// statistics(): {"kind": "file" or "memory", "entries", "bytes", "limit_bytes", "evicted",
// "refused", "failed", "error"}
class SqliteCache final : public Cache {
 public:
  // Error: the file cannot be made or is no such file.
  static Result<std::unique_ptr<SqliteCache>> open(SqliteCacheOptions options);
  ~SqliteCache() override;  // commits
  SqliteCache(const SqliteCache&) = delete;
  SqliteCache& operator=(const SqliteCache&) = delete;

  [[nodiscard]] std::optional<std::string> get(std::string_view key) override;
  void set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) override;
  void erase(std::string_view key) override;
  void push(std::string_view list, std::string_view value, size_t keep) override;
  [[nodiscard]] std::vector<std::string> newest(std::string_view list, size_t limit) override;
  [[nodiscard]] std::optional<std::string> take_oldest(std::string_view list) override;
  [[nodiscard]] Result<void> set_preference(std::string_view name, std::string_view value) override;
  [[nodiscard]] std::optional<std::string> preference(std::string_view name) override;
  [[nodiscard]] Result<void> erase_preference(std::string_view name) override;
  [[nodiscard]] std::vector<std::string> preference_names(size_t limit) override;
  void publish(std::string_view channel, std::string_view message) override;
  [[nodiscard]] std::shared_ptr<Mailbox> subscribe(std::string_view channel,
                                                   std::function<void()> on_message) override;
  std::vector<CacheMessage> messages(std::string_view channel, uint64_t after,
                                     size_t limit) override;
  [[nodiscard]] Value statistics() override;

  // Commits what is written and removes some of what is too old or too much.
  void commit();

 private:
  class Impl;
  explicit SqliteCache(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir
