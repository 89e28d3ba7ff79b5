// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "app/options.h"
#include "base/result.h"
#include "cache/cache.h"

namespace weir {

// Where scripts and others remember things: in the data folder, else only as long as weir runs, and
// in the Redis of --cache where there is one.
class Caches {
 public:
  // A folder that cannot be used is logged, and nothing is kept there this time. Error: no memory.
  static Result<Caches> open(const MonitorOptions& options);

  // The one that is used: the Redis, or else the embedded one.
  [[nodiscard]] Cache& shared() const { return redis_ ? *redis_ : *embedded_; }
  // Null when there is none.
  [[nodiscard]] Cache* redis() const { return redis_.get(); }

 private:
  Caches() = default;

  std::unique_ptr<Cache> embedded_;
  std::unique_ptr<Cache> redis_;  // goes first: its preferences may be kept in the other
};

}  // namespace weir
