// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/terminal.h"

// As macros its names, move() among them, would be everybody's.
#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <langinfo.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/utf8.h"

namespace weir {
namespace {

// Pairs of colours; without colours the attributes have to do.
enum Pair : short { kPairTitle = 1, kPairHeader, kPairSorted, kPairSelected, kPairKey, kPairError };

void choose_colours() {
  if (!has_colors()) return;
  start_color();
  use_default_colors();
  constexpr short kOwn = -1;
  init_pair(kPairTitle, COLOR_CYAN, kOwn);
  init_pair(kPairHeader, COLOR_BLACK, COLOR_GREEN);
  init_pair(kPairSorted, COLOR_BLACK, COLOR_CYAN);
  init_pair(kPairSelected, COLOR_BLACK, COLOR_CYAN);
  init_pair(kPairKey, COLOR_GREEN, kOwn);
  init_pair(kPairError, COLOR_RED, kOwn);
}

attr_t look_of(TopStyle style) {
  const auto pair = [](Pair number, attr_t without) {
    return has_colors() ? static_cast<attr_t>(COLOR_PAIR(number)) : without;
  };
  switch (style) {
    case TopStyle::kDim:
      return A_DIM;
    case TopStyle::kTitle:
      return pair(kPairTitle, A_BOLD) | A_BOLD;
    case TopStyle::kHeader:
      return pair(kPairHeader, A_REVERSE);
    case TopStyle::kSorted:
      return pair(kPairSorted, A_REVERSE | A_BOLD);
    case TopStyle::kSelected:
      return pair(kPairSelected, A_REVERSE);
    case TopStyle::kKey:
      return pair(kPairKey, A_BOLD);
    case TopStyle::kError:
      return pair(kPairError, A_BOLD) | A_BOLD;
    case TopStyle::kPlain:
      break;
  }
  return A_NORMAL;
}

KeyPress special_key(wint_t code) {
  constexpr std::array<std::pair<wint_t, TopKey>, 12> kKeys{{{KEY_UP, TopKey::kUp},
                                                             {KEY_DOWN, TopKey::kDown},
                                                             {KEY_LEFT, TopKey::kLeft},
                                                             {KEY_RIGHT, TopKey::kRight},
                                                             {KEY_PPAGE, TopKey::kPageUp},
                                                             {KEY_NPAGE, TopKey::kPageDown},
                                                             {KEY_HOME, TopKey::kHome},
                                                             {KEY_END, TopKey::kEnd},
                                                             {KEY_ENTER, TopKey::kEnter},
                                                             {KEY_BACKSPACE, TopKey::kBackspace},
                                                             {KEY_DC, TopKey::kDelete},
                                                             {KEY_BTAB, TopKey::kBackTab}}};
  for (const auto& [known, key] : kKeys) {
    if (known == code) return {key};
  }
  if (code >= KEY_F(1) && code <= KEY_F(12))
    return {TopKey::kFunction, {}, static_cast<unsigned>(code - KEY_F0)};
  return {};
}

KeyPress character_key(wint_t code) {
  switch (code) {
    case '\n':
    case '\r':
      return {TopKey::kEnter};
    case '\t':
      return {TopKey::kTab};
    case 0x1b:
      return {TopKey::kEscape};
    case 0x08:
    case 0x7f:
      return {TopKey::kBackspace};
    default:
      break;
  }
  if (code < 0x20) return {};
  KeyPress key{TopKey::kText};
  append_utf8(key.text, code);
  return key;
}

}  // namespace

struct Terminal::Screen {
  SCREEN* handle = nullptr;
};

void use_utf8() {
  (void)setlocale(LC_CTYPE, "");
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0) (void)setlocale(LC_CTYPE, "C.UTF-8");
}

Result<std::unique_ptr<Terminal>> Terminal::open() {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0)
    return Error{"weir top wants a terminal; --once prints the list and ends"};
  use_utf8();
  auto screen = std::make_unique<Screen>();
  screen->handle = newterm(nullptr, stdout, stdin);
  if (screen->handle == nullptr) return Error{"nothing is known of this terminal: is TERM right?"};
  set_term(screen->handle);
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  set_escdelay(25);
  choose_colours();
  return std::unique_ptr<Terminal>(new Terminal(std::move(screen)));
}

Terminal::Terminal(std::unique_ptr<Screen> screen) : screen_(std::move(screen)) {}

Terminal::~Terminal() {
  endwin();
  delscreen(screen_->handle);
}

TopSize Terminal::size() const {
  return {static_cast<size_t>(std::max(getmaxy(stdscr), 1)),
          static_cast<size_t>(std::max(getmaxx(stdscr), 1))};
}

KeyPress Terminal::read(std::chrono::milliseconds patience) {
  wtimeout(stdscr, static_cast<int>(patience.count()));
  wint_t code = 0;
  const int kind = wget_wch(stdscr, &code);
  if (kind == KEY_CODE_YES) return special_key(code);
  return kind == OK ? character_key(code) : KeyPress{};
}

void Terminal::show(const TopScreen& screen) {
  erase();
  const size_t lines = std::min(screen.lines.size(), size().lines);
  for (size_t i = 0; i < lines; ++i) {
    move(static_cast<int>(i), 0);
    for (const TopSpan& span : screen.lines[i]) {
      attrset(static_cast<int>(look_of(span.style)));
      addnstr(span.text.data(), static_cast<int>(span.text.size()));
    }
  }
  attrset(A_NORMAL);
  const bool writes = screen.cursor_line < lines;
  curs_set(writes ? 1 : 0);
  if (writes) move(static_cast<int>(screen.cursor_line), static_cast<int>(screen.cursor_column));
  refresh();
}

}  // namespace weir
