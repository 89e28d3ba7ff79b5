// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "top/top_answer.h"
#include "top/top_state.h"

namespace weir {

enum class TopStyle : uint8_t { kPlain, kDim, kTitle, kHeader, kSorted, kSelected, kKey, kError };

// A part of a line in one style; printable.
struct TopSpan {
  std::string text;
  TopStyle style = TopStyle::kPlain;
};
using TopLine = std::vector<TopSpan>;

struct TopSize {
  size_t lines = 24;
  size_t columns = 80;
};

// All that a screen shows.
struct TopScene {
  const TopState& state;
  const TopAnswer& list;
  const TopAnswer& interfaces;  // rows of all, for the head
  std::string trouble{};        // why there are no new answers; empty: there are
  double silent_s = 0;          // for how long there have been none
};

struct TopScreen {
  std::vector<TopLine> lines;     // exactly as many as asked for, none longer than asked for
  size_t cursor_line = SIZE_MAX;  // where text is being written; SIZE_MAX: nowhere
  size_t cursor_column = 0;
};

// How many rows of a list a screen of that size shows.
[[nodiscard]] size_t top_rows(const TopSize& size);
[[nodiscard]] TopScreen draw_top(const TopScene& scene, const TopSize& size);

// `text` in exactly `width` columns of a terminal; what is cut off ends in "…".
[[nodiscard]] std::string fit(const std::string& text, size_t width, bool to_the_right = false);
// How many columns a terminal needs for printable text.
[[nodiscard]] size_t shown_width(const std::string& text);

}  // namespace weir
