// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/cell.h"
#include "record/applications.h"
#include "record/flow_record.h"

namespace weir {

// Packets and bytes of each application in each of the last kSeconds seconds of packet time.
// kColumns applications have a column each; one that finds none left takes that of an application
// of which nothing was heard for kSeconds, or is in none, and so in what is left of the sums by
// class. Owner: shard thread; visit() and columns() from any thread. Memory: 470 KB.
class ApplicationSeries {
 public:
  static constexpr size_t kSeconds = 304;
  static constexpr size_t kColumns = 95;

  ApplicationSeries();

  // The second beyond which nothing is counted: what claims to be later has a wrong time and must
  // not take the place of a true second.
  void set_clock(uint32_t second) { clock_ = second; }
  // The column of an application, which is its own for the next kSeconds; nothing when there is
  // none left.
  [[nodiscard]] std::optional<uint8_t> column_of(uint16_t application);
  // Counts traffic of `second`, unless its place holds a later one.
  void add_to(uint8_t column, uint32_t second, const Traffic& traffic);
  void add(uint16_t application, uint32_t second, const Traffic& traffic) {
    if (const auto column = column_of(application)) add_to(*column, second, traffic);
  }

  // Any thread: the applications with a column, as far as it is known who has which.
  [[nodiscard]] std::vector<uint16_t> columns() const {
    std::vector<uint16_t> applications(columns_.read());
    for (size_t i = 0; i < applications.size(); ++i) applications[i] = names_[i].read();
    return applications;
  }
  // Any thread: calls visit(application, traffic) for each that has some in `second`.
  template <typename Visit>
  void visit(uint32_t second, Visit&& visit) const {
    const Row& row = rows_[second % kSeconds];
    const size_t columns = columns_.read();
    std::array<Traffic, kColumns> found;
    bool is_same = false;
    const bool ok = copy_consistently(row.sequence, [&] {
      is_same = row.second.read() == second;
      for (size_t i = 0; i < columns; ++i) found[i] = {row.packets[i].read(), row.bytes[i].read()};
    });
    if (!ok || !is_same) return;
    for (size_t i = 0; i < columns; ++i) {
      if (found[i].packets != 0 || found[i].bytes != 0) visit(names_[i].read(), found[i]);
    }
  }

 private:
  static constexpr uint8_t kNone = 0xff;
  struct Row {
    Sequence sequence{};
    Cell<uint32_t> second{};
    std::array<Cell<uint64_t>, kColumns> bytes{};
    std::array<Cell<uint64_t>, kColumns> packets{};
  };

  [[nodiscard]] std::optional<uint8_t> take_column();

  uint32_t clock_ = 0;
  uint32_t looked_ = 0;                      // when no column could be taken, last
  std::array<uint32_t, kColumns> wanted_{};  // when a column was, last
  std::vector<uint8_t> column_of_;           // by application
  std::array<Cell<uint16_t>, kColumns> names_{};
  Cell<size_t> columns_{};  // in use
  std::vector<Row> rows_;   // by second modulo kSeconds
};

}  // namespace weir
