// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/application_series.h"

namespace weir {

ApplicationSeries::ApplicationSeries() : column_of_(kMaxApplications, kNone), rows_(kSeconds) {}

std::optional<uint8_t> ApplicationSeries::column_of(uint16_t application) {
  uint8_t& column = column_of_[application];
  if (column != kNone) return column;
  const size_t count = columns_.get();
  if (count == kColumns) return std::nullopt;
  column = static_cast<uint8_t>(count);
  names_[count].set(application);
  columns_.set(count + 1);  // whoever reads it sees the name
  return column;
}

void ApplicationSeries::add_to(uint8_t column, uint32_t second, const Traffic& traffic) {
  Row& row = rows_[second % kSeconds];
  const uint32_t held = row.second.get();
  if (second > clock_ || held > second) return;
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
  row.packets[column].add(static_cast<uint32_t>(traffic.packets));
  row.sequence.end();
}

}  // namespace weir
