// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/application_series.h"
#include "engine/interface.h"
#include "record/flow_record.h"

namespace weir {

// What applications did in each second of a window, by all shards of some interfaces. Owner: the
// thread that answers. Memory: 16 bytes for each second of an application that did something. Cost:
// a look at each live flow.
class ApplicationSums {
 public:
  // No shard knows more.
  static constexpr size_t kMostSeconds = 300;
  static_assert(kMostSeconds < ApplicationSeries::kSeconds);
  // What all others are called; an application of that name is one of them.
  static constexpr std::string_view kOther = "Other";

  struct Row {
    std::string_view name;
    std::vector<Traffic> seconds;
    uint64_t bytes = 0;  // of all of them
  };

  ApplicationSums(uint32_t start, size_t seconds);

  void add(const Interface& interface);
  // The `count` with the most bytes, the most first; of equal ones that with the smaller name.
  [[nodiscard]] std::vector<Row> take_most(size_t count);

 private:
  void add(uint16_t application, uint32_t second, const Traffic& traffic);
  void add_untold(const Shard& shard);

  uint32_t start_;
  size_t seconds_;
  std::vector<uint16_t> row_of_;  // by application: its place in rows_ and 1; 0: it has none
  std::vector<Row> rows_;
};

}  // namespace weir
