// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "app/collector_board.h"

namespace weir {

// The templates of one collector in a file of the data folder, written whole and renamed, so that a
// restart finds either these or the ones before. Without a data folder nothing is kept.
// Owner: one thread.
class KeptTemplates {
 public:
  // `id`: of the interface.
  KeptTemplates(const std::string& data_folder, const std::string& id);

  // "" when there are none. What cannot be read is logged and counts as none.
  [[nodiscard]] std::string read() const;
  // Writes what the board says when `now` is long enough after the last time, or `is_end`, and it
  // is another text than the one before. What goes wrong is logged once.
  void write(const CollectorBoard& board, std::chrono::steady_clock::time_point now,
             bool is_end = false);

  static constexpr std::chrono::seconds kEvery{30};
  static constexpr size_t kMaxFileBytes = size_t{64} << 20;

 private:
  std::string file_;  // "": none
  std::string written_;
  std::chrono::steady_clock::time_point looked_;
  bool has_failed_ = false;
};

}  // namespace weir
