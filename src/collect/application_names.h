// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace weir {

// Numbers of the applications that exporters name. The catalogue (record/applications.h) is of the
// whole process and gives nothing back, so a collector adds only so many to it, and only names that
// look like names. Owner: the collector's thread.
class ApplicationNames {
 public:
  static constexpr size_t kMostNew = 512;

  // Zero bytes at the end are padding. 0 for what is no name, for "Unknown", and when there is no
  // room for a new one.
  [[nodiscard]] uint16_t number_of(std::span<const uint8_t> name);

  // Times that a name was left out.
  [[nodiscard]] uint64_t left_out() const { return left_out_; }

 private:
  std::string last_;  // most records name what the one before did, or one of few
  uint16_t last_number_ = 0;
  size_t made_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace weir
