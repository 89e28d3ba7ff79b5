// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/application_series.h"

#include <algorithm>

namespace weir {

ApplicationSeries::ApplicationSeries() : column_of_(kMaxApplications, kNone), rows_(kSeconds) {}

// A fresh one, or one in which every second that is still told of has nothing.
std::optional<uint8_t> ApplicationSeries::take_column() {
  const size_t count = columns_.get();
  if (count < kColumns) return static_cast<uint8_t>(count);
  if (looked_ == clock_) return std::nullopt;
  const auto is_free = [&](uint32_t wanted) { return clock_ >= wanted + kSeconds; };
  const auto found = std::find_if(wanted_.begin(), wanted_.end(), is_free);
  if (found == wanted_.end()) {
    looked_ = clock_;
    return std::nullopt;
  }
  const auto column = static_cast<uint8_t>(found - wanted_.begin());
  column_of_[names_[column].get()] = kNone;
  return column;
}

std::optional<uint8_t> ApplicationSeries::column_of(uint16_t application) {
  uint8_t& column = column_of_[application];
  if (column == kNone) {
    const auto taken = take_column();
    if (!taken) return std::nullopt;
    column = *taken;
    names_[column].set(application);
    // Whoever reads how many there are sees their names.
    if (column == columns_.get()) columns_.set(column + size_t{1});
  }
  wanted_[column] = clock_;
  return column;
}

void ApplicationSeries::add_to(uint8_t column, uint32_t second, const Traffic& traffic) {
  Row& row = rows_[second % kSeconds];
  const uint32_t held = row.second.get();
  // What is held beyond the clock is no true second: time went back.
  if (second > clock_ || (held > second && held <= clock_)) return;
  row.sequence.begin();
  if (held != second) {
    row.second.set(second);
    // Those that come later are still empty, in every row.
    for (size_t i = 0; i < columns_.get(); ++i) {
      row.bytes[i].set(0);
      row.packets[i].set(0);
    }
  }
  row.bytes[column].add(traffic.bytes);
  row.packets[column].add(traffic.packets);
  row.sequence.end();
}

}  // namespace weir
