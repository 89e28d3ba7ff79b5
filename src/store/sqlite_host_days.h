// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/value.h"
#include "query/host_days.h"
#include "record/host_record.h"
#include "store/local_day.h"

namespace weir {

struct HostDayOptions {
  using Visitor = std::function<void(const HostRecord&, std::string_view interface)>;

  std::string file;
  // Shows each host that is known now. Called by the thread that writes.
  std::function<void(const Visitor&)> hosts;
  std::function<std::chrono::sys_seconds()> now;  // empty: the system's clock
  UtcOffset utc_offset;                           // empty: the system's
  size_t limit_rows = 5'000'000;                  // some 200 bytes each
  size_t max_rows = ListRequest::kMaxLimit;       // of an answer
};

// HostDays in one SQLite file. A day's hosts are those that were seen before its end and not only
// before its begin. Writing goes on in a thread of its own, in commits of four thousand hosts;
// questions have a connection of their own and never wait for it. When there are more than
// limit_rows the oldest days give way; of a day that is alone too long further hosts are left out.
// Thread-safe.
class SqliteHostDays final : public HostDays {
 public:
  static constexpr size_t kMaxWaiting = 4;
  static constexpr std::chrono::seconds kPatience{5};  // with a question

  // Error: the file cannot be made or is no such file.
  static Result<std::unique_ptr<SqliteHostDays>> open(HostDayOptions options);
  ~SqliteHostDays() override;  // what is being written is cut short after a commit
  SqliteHostDays(const SqliteHostDays&) = delete;
  SqliteHostDays& operator=(const SqliteHostDays&) = delete;

  [[nodiscard]] Result<std::string> dump(unsigned days_ago, unsigned keep_days) override;
  [[nodiscard]] Answer days() override;
  [[nodiscard]] Answer hosts(std::string_view day, const ListRequest& request) override;

  // Returns when all that dump() began is written or could not be: true; or after so long.
  bool wait_until_written(std::chrono::seconds patience = std::chrono::hours(1));

  // {"rows", "limit_rows", "dumps", "written", "last_day", "last_ms", "left_out", "days_removed",
  // "failed", "error" where there was one}
  [[nodiscard]] Value statistics() const;

 private:
  class Impl;
  explicit SqliteHostDays(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir
