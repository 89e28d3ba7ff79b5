// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/value.h"

namespace weir {

// How a field is written in a table.
enum class TopFormat : uint8_t {
  kText,
  kNumber,        // 12, 84.2k, 1.24G: the column says of what
  kMilliseconds,  // 18.3
  kAge,           // seconds since that time: 4s, 12m, 3h
  kShare,         // 99.98%
};

struct TopColumn {
  std::string_view field;  // of schema/fields.json
  std::string_view title;
  unsigned width = 0;  // of what it needs
  TopFormat format = TopFormat::kText;
  bool grows = false;  // takes what is left of the line

  [[nodiscard]] bool is_number() const { return format != TopFormat::kText; }
};

// A list that `weir top` shows. What stands first in `columns` stays when the terminal is narrow.
struct TopList {
  std::string_view name;  // as it is shown
  std::string_view path;  // under /api/v1/
  std::string_view key;   // the field that tells rows apart
  std::string_view also;  // and one more where that is not enough; empty: none
  std::string_view sort;  // unless another is chosen
  std::span<const TopColumn> columns;
  bool has_items;  // /api/v1/PATH/KEY is one row, with all that is known
};

[[nodiscard]] std::span<const TopList> top_lists();
// Its place in top_lists(); their number when there is none of that path.
[[nodiscard]] size_t find_top_list(std::string_view path);

// What a member says where it is a number.
[[nodiscard]] std::optional<double> number_of(const Value& value);
// A row's field as `weir top` writes it, printable; "" when it is not known. `now`: of the answer.
[[nodiscard]] std::string top_text(const Value& row, const TopColumn& column, double now);
// "1.24G", three digits; rates and counts by 1000.
[[nodiscard]] std::string si_text(double number);

}  // namespace weir
