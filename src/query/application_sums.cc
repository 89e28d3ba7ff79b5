// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/application_sums.h"

#include <algorithm>
#include <utility>

#include "record/applications.h"

namespace weir {

ApplicationSums::ApplicationSums(uint32_t start, size_t seconds)
    : start_(start), seconds_(seconds), row_of_(kMaxApplications) {}

void ApplicationSums::add(uint16_t application, uint32_t second, const Traffic& traffic) {
  if (second < start_ || second >= start_ + seconds_) return;
  uint16_t& place = row_of_[application];
  if (place == 0) {
    Row& fresh = rows_.emplace_back();
    fresh.name = application_name(application);
    fresh.seconds.resize(seconds_);
    place = static_cast<uint16_t>(rows_.size());
  }
  Row& row = rows_[place - 1U];
  row.seconds[second - start_] += traffic;
  row.bytes += traffic.bytes;
}

// First what was told, then what was not: what is told meanwhile is missed rather than counted
// twice.
void ApplicationSums::add(const Interface& interface) {
  for (const auto& shard : interface.shards()) {
    for (uint32_t second = start_; second < start_ + seconds_; ++second) {
      shard->applications().visit(second, [&](uint16_t application, const Traffic& traffic) {
        add(application, second, traffic);
      });
    }
    add_untold(*shard);
  }
}

// An application without a column has no seconds but the one that flows have not told, which alone
// would look as if it had come and gone.
void ApplicationSums::add_untold(const Shard& shard) {
  const std::vector<uint16_t> columns = shard.applications().columns();
  std::vector<bool> is_told(kMaxApplications, columns.size() < ApplicationSeries::kColumns);
  for (const uint16_t application : columns) is_told[application] = true;
  shard.flows().visit_untold(start_,
                             [&](uint16_t application, uint32_t second, const Traffic& traffic) {
                               if (is_told[application]) add(application, second, traffic);
                             });
}

std::vector<ApplicationSums::Row> ApplicationSums::take_most(size_t count) {
  std::erase_if(rows_, [](const Row& row) { return row.name == kOther; });
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.name < b.name;
  });
  rows_.resize(std::min(rows_.size(), count));
  return std::move(rows_);
}

}  // namespace weir
