// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_screen.h"

#include <algorithm>
#include <array>
#include <cwchar>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "base/utf8.h"

namespace weir {
namespace {

// The head, the lists, the filter, what is wrong with it or the columns; the keys.
constexpr size_t kLinesAround = 5;
constexpr std::string_view kCut = "…";

struct Character {
  size_t bytes;
  size_t columns;
};

// The first of a text that is not empty. East Asian letters take two columns, accents none.
Character first_of(std::string_view text) {
  const size_t bytes = std::max<size_t>(utf8_sequence_length(text), 1);
  const int columns =
      bytes == 1 ? 1 : wcwidth(static_cast<wchar_t>(utf8_code(text.substr(0, bytes))));
  return {bytes, static_cast<size_t>(std::max(columns, 0))};
}

size_t width_of(const TopLine& line) {
  size_t width = 0;
  for (const TopSpan& span : line) width += shown_width(span.text);
  return width;
}

// In exactly so many columns.
TopLine fitted(TopLine line, size_t columns) {
  TopLine out;
  size_t left = columns;
  for (TopSpan& span : line) {
    const size_t width = shown_width(span.text);
    if (width > left) span.text = fit(span.text, left);
    left -= std::min(left, width);
    if (!span.text.empty()) out.push_back(std::move(span));
  }
  if (left > 0) {
    const bool goes_on = !out.empty() && (out.back().style == TopStyle::kSelected ||
                                          out.back().style == TopStyle::kHeader);
    out.push_back({std::string(left, ' '), goes_on ? out.back().style : TopStyle::kPlain});
  }
  return out;
}

// Two ends of a line.
TopLine spread(TopLine left, const TopLine& right, size_t columns) {
  const size_t used = width_of(left) + width_of(right);
  if (used <= columns) {
    left.push_back({std::string(columns - used, ' ')});
    left.insert(left.end(), right.begin(), right.end());
  }
  return left;
}

double sum_of(const Value::Array& rows, std::string_view field) {
  double sum = 0;
  for (const Value& row : rows) sum += number_of(row[field]).value_or(0);
  return sum;
}

std::string names_of(const Value::Array& interfaces) {
  if (interfaces.empty()) return "-";
  const auto* id = interfaces.front()["id"].as<std::string>();
  std::string names = id == nullptr ? "-" : printable(*id);
  if (interfaces.size() > 1) names += fmt::format(" +{}", interfaces.size() - 1);
  return names;
}

TopLine draw_head(const TopScene& scene, size_t columns) {
  const Value::Array& rows = scene.interfaces.rows;
  const double drops = sum_of(rows, "kernel_drops") + sum_of(rows, "interface_drops");
  const double packets = sum_of(rows, "packets");
  TopLine left{
      {" weir ", TopStyle::kTitle},
      {fit(names_of(rows), std::min<size_t>(shown_width(names_of(rows)), 24)) + "  "},
      {fmt::format("{}bit/s  {}pkt/s  {} flows  {} hosts", si_text(sum_of(rows, "bits_per_second")),
                   si_text(sum_of(rows, "packets_per_second")), si_text(sum_of(rows, "flows")),
                   si_text(sum_of(rows, "hosts")))}};
  if (drops > 0)
    left.push_back(
        {fmt::format("  {} lost ({:.2g}%)", si_text(drops), 100 * drops / (drops + packets)),
         TopStyle::kError});
  TopSpan state{" LIVE ", TopStyle::kTitle};
  if (scene.state.is_paused()) state = {" PAUSED ", TopStyle::kSorted};
  if (!scene.trouble.empty())
    state = {fmt::format(" NO ANSWER {:.0f}s ", scene.silent_s), TopStyle::kError};
  return spread(std::move(left), {state}, columns);
}

TopLine draw_lists(const TopScene& scene, size_t columns) {
  TopLine line;
  for (size_t i = 0; i < top_lists().size(); ++i) {
    const bool is_shown = i == scene.state.view().list;
    line.push_back({fmt::format(" {}", i + 1), TopStyle::kKey});
    line.push_back(
        {fmt::format("{} ", top_lists()[i].name), is_shown ? TopStyle::kTitle : TopStyle::kPlain});
  }
  if (scene.state.depth() > 1) line.push_back({" (Esc: back)", TopStyle::kDim});
  return fitted(std::move(line), columns);
}

TopLine draw_filter(const TopScene& scene, TopScreen& screen, size_t columns) {
  const TopState& state = scene.state;
  const std::string label = " Filter: ";
  TopLine line{{label, TopStyle::kKey}};
  if (state.mode() == TopState::Mode::kFilter) {
    // The part around the cursor.
    const std::string before = printable(state.edited().substr(0, state.cursor()));
    const size_t room = columns > label.size() + 1 ? columns - label.size() - 1 : 1;
    std::string text = printable(state.edited());
    size_t at = shown_width(before);
    while (at >= room && !text.empty()) {
      const Character first = first_of(text);
      text.erase(0, first.bytes);
      at -= std::min(at, std::max<size_t>(first.columns, 1));
    }
    line.push_back({text});
    screen.cursor_line = screen.lines.size();
    screen.cursor_column = label.size() + at;
    return fitted(std::move(line), columns);
  }
  const TopView& view = state.view();
  line.push_back({view.filter.empty() ? "none (press /)" : printable(view.filter),
                  view.filter.empty() ? TopStyle::kDim : TopStyle::kPlain});
  if (!view.interface.empty()) line.push_back({"  on " + printable(view.interface)});
  const uint64_t last = std::min<uint64_t>(view.offset + scene.list.rows.size(), scene.list.total);
  TopLine right{{fmt::format("{}-{} of {} ", std::min<uint64_t>(view.offset + 1, last), last,
                             scene.list.total),
                 TopStyle::kDim}};
  return fitted(spread(std::move(line), right, columns), columns);
}

// A column that fits, and how wide it is.
struct Placed {
  const TopColumn* column;
  size_t width;
};

std::vector<Placed> place_columns(const TopList& list, size_t columns) {
  std::vector<Placed> placed;
  size_t used = 0;
  for (const TopColumn& column : list.columns) {
    if (used + column.width + 1 > columns) continue;
    placed.push_back({&column, column.width});
    used += column.width + 1;
  }
  const auto grow = static_cast<size_t>(std::count_if(
      placed.begin(), placed.end(), [](const Placed& one) { return one.column->grows; }));
  size_t left = grow == 0 ? 0 : columns - used;
  size_t takers = grow;
  for (Placed& one : placed) {
    if (!one.column->grows) continue;
    const size_t share = left / takers--;
    one.width += share;
    left -= share;
  }
  return placed;
}

TopLine draw_titles(const TopScene& scene, const std::vector<Placed>& placed, size_t columns) {
  if (!scene.list.problem.empty()) {
    // Under the character that is wrong.
    const size_t at = 9 + static_cast<size_t>(std::max(scene.list.column, 1)) - 1;
    const std::string mark =
        scene.list.column > 0 && at + 4 < columns ? std::string(at, ' ') + "^ " : " ";
    return fitted({{mark + scene.list.problem, TopStyle::kError}}, columns);
  }
  TopLine line;
  for (const auto& [column, width] : placed) {
    const bool is_sorted = column->field == scene.state.view().sort;
    line.push_back({fit(std::string(column->title), width, column->is_number()) + " ",
                    is_sorted ? TopStyle::kSorted : TopStyle::kHeader});
  }
  return fitted(std::move(line), columns);
}

TopLine draw_row(const Value& row, const TopScene& scene, const std::vector<Placed>& placed,
                 bool is_selected, size_t columns) {
  TopLine line;
  for (const auto& [column, width] : placed) {
    const bool is_sorted = column->field == scene.state.view().sort;
    line.push_back({fit(top_text(row, *column, scene.list.time), width, column->is_number()) + " ",
                    is_selected ? TopStyle::kSelected
                    : is_sorted ? TopStyle::kTitle
                                : TopStyle::kPlain});
  }
  return fitted(std::move(line), columns);
}

void draw_rows(const TopScene& scene, TopScreen& screen, const std::vector<Placed>& placed,
               size_t rows, size_t columns) {
  const TopView& view = scene.state.view();
  for (size_t i = 0; i < rows; ++i) {
    const uint64_t at = view.offset + i;
    const bool is_there =
        at >= scene.list.offset && at - scene.list.offset < scene.list.rows.size();
    if (!is_there) {
      const bool says_none =
          i == 0 && scene.list.rows.empty() && scene.list.problem.empty() && scene.list.time > 0;
      const char* text = view.filter.empty() ? " Nothing yet."
                                             : " Nothing matches the filter (Esc takes it away).";
      screen.lines.push_back(fitted({{says_none ? text : "", TopStyle::kDim}}, columns));
      continue;
    }
    screen.lines.push_back(draw_row(scene.list.rows[at - scene.list.offset], scene, placed,
                                    i == view.selected, columns));
  }
}

void draw_detail(const TopScene& scene, TopScreen& screen, size_t rows, size_t columns) {
  const auto* members = scene.state.detail().as<Value::Object>();
  for (size_t i = 0; i < rows; ++i) {
    const size_t at = scene.state.scrolled() + i;
    if (members == nullptr || at >= members->size()) {
      screen.lines.push_back(fitted({}, columns));
      continue;
    }
    const auto& [name, value] = (*members)[at];
    const auto* text = value.as<std::string>();
    screen.lines.push_back(fitted({{fit(" " + printable(name), 28) + " ", TopStyle::kKey},
                                   {printable(text != nullptr ? *text : to_json(value))}},
                                  columns));
  }
}

void draw_sort(const TopScene& scene, TopScreen& screen, size_t rows, size_t columns) {
  const auto choices = scene.state.list().columns;
  const size_t skip = scene.state.choice() >= rows ? scene.state.choice() - rows + 1 : 0;
  for (size_t i = 0; i < rows; ++i) {
    if (skip + i >= choices.size()) {
      screen.lines.push_back(fitted({}, columns));
      continue;
    }
    const TopColumn& column = choices[skip + i];
    screen.lines.push_back(
        fitted({{fmt::format(" {:<14} {}", column.title, column.field),
                 skip + i == scene.state.choice() ? TopStyle::kSelected : TopStyle::kPlain}},
               columns));
  }
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kHelp{{
    {"1 2 3 4 5  Tab", "hosts, flows, applications, transactions, interfaces"},
    {"Up Down PgUp PgDn", "choose a row; Home and End: the first and the last"},
    {"Enter", "the flows of a host or an application, the hosts of an interface"},
    {"d", "all that is known of the row"},
    {"Esc  Backspace", "back to where you came from; then without the filter"},
    {"/  \\  F4", "filter: Enter asks, Esc leaves it as it was"},
    {">  .  F6", "sort by a column"},
    {"P M T", "sort by bits a second, bytes, time; the same again turns it round"},
    {"I", "turn the order round"},
    {"Space  Z", "pause, and go on"},
    {"h  ?  F1", "this"},
    {"q  F10  Ctrl-C", "end"},
    {"", ""},
    {"Filters:", "app = TLS and not net = 10.0.0.0/8 and bytes > 1M"},
    {"", "weir help filter has more"},
}};

void draw_help(TopScreen& screen, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; ++i) {
    if (i >= kHelp.size()) {
      screen.lines.push_back(fitted({}, columns));
      continue;
    }
    screen.lines.push_back(fitted(
        {{fmt::format(" {:<20}", kHelp[i].first), TopStyle::kKey}, {std::string(kHelp[i].second)}},
        columns));
  }
}

TopLine draw_keys(const TopScene& scene, size_t columns) {
  if (!scene.trouble.empty())
    return fitted({{" " + printable(scene.trouble), TopStyle::kError}}, columns);
  TopLine line;
  for (const auto& [key, what] : {std::pair("F1", "Help"),
                                  {"F4", "Filter"},
                                  {"F6", "Sort by"},
                                  {"I", "Invert"},
                                  {"Enter", "Open"},
                                  {"d", "Detail"},
                                  {"Space", "Pause"},
                                  {"F10", "Quit"}}) {
    line.push_back({fmt::format(" {}", key), TopStyle::kKey});
    line.push_back({what, TopStyle::kHeader});
  }
  return fitted(std::move(line), columns);
}

}  // namespace

size_t shown_width(const std::string& text) {
  size_t width = 0;
  for (std::string_view left = text; !left.empty();) {
    const Character first = first_of(left);
    width += first.columns;
    left.remove_prefix(first.bytes);
  }
  return width;
}

std::string fit(const std::string& text, size_t width, bool to_the_right) {
  const size_t whole = shown_width(text);
  if (whole <= width) {
    const std::string padding(width - whole, ' ');
    return to_the_right ? padding + text : text + padding;
  }
  if (width == 0) return {};
  std::string out;
  size_t used = 0;
  for (std::string_view left = text; !left.empty();) {
    const Character first = first_of(left);
    if (used + first.columns > width - 1) break;
    out += left.substr(0, first.bytes);
    used += first.columns;
    left.remove_prefix(first.bytes);
  }
  out += kCut;
  return out + std::string(width - 1 - used, ' ');
}

size_t top_rows(const TopSize& size) {
  return size.lines > kLinesAround ? size.lines - kLinesAround : 1;
}

TopScreen draw_top(const TopScene& scene, const TopSize& size) {
  TopScreen screen;
  const size_t columns = size.columns;
  const size_t rows = top_rows(size);
  const std::vector<Placed> placed = place_columns(scene.state.list(), columns);
  screen.lines.push_back(fitted(draw_head(scene, columns), columns));
  screen.lines.push_back(draw_lists(scene, columns));
  screen.lines.push_back(draw_filter(scene, screen, columns));
  screen.lines.push_back(draw_titles(scene, placed, columns));
  switch (scene.state.mode()) {
    case TopState::Mode::kHelp:
      draw_help(screen, rows, columns);
      break;
    case TopState::Mode::kSort:
      draw_sort(scene, screen, rows, columns);
      break;
    case TopState::Mode::kDetail:
      draw_detail(scene, screen, rows, columns);
      break;
    default:
      draw_rows(scene, screen, placed, rows, columns);
  }
  screen.lines.push_back(draw_keys(scene, columns));
  screen.lines.resize(size.lines);
  return screen;
}

}  // namespace weir
