// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/timestamp.h"
#include "record/flow_record.h"

namespace weir {

// The traffic of a flow record by the seconds that it lasted: as if it had come evenly. The parts
// of all seconds add up to the whole, to the byte. A plain value. Cost: some divisions to make.
class TrafficSpread {
 public:
  // REQUIRES: first <= last.
  TrafficSpread(Timestamp first, Timestamp last, const Traffic& all);

  [[nodiscard]] uint32_t first_second() const { return first_; }
  [[nodiscard]] uint32_t last_second() const { return last_; }
  [[nodiscard]] const Traffic& all() const { return all_; }
  // Of the first second (all, when there is only one), of each between it and the last, and of the
  // last where that is another.
  [[nodiscard]] const Traffic& head() const { return head_; }
  [[nodiscard]] const Traffic& each() const { return each_; }
  [[nodiscard]] const Traffic& tail() const { return tail_; }
  [[nodiscard]] Traffic at(uint32_t second) const {
    if (second == first_) return head_;
    if (second == last_) return tail_;
    return second > first_ && second < last_ ? each_ : Traffic{};
  }
  // Of all seconds before that one.
  [[nodiscard]] Traffic before(uint32_t second) const;

 private:
  uint32_t first_;
  uint32_t last_;
  Traffic all_;
  Traffic head_;
  Traffic each_;
  Traffic tail_;
};

}  // namespace weir
