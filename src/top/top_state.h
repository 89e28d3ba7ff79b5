// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "top/top_answer.h"
#include "top/top_list.h"

namespace weir {

enum class TopKey : uint8_t {
  kNone,
  kUp,
  kDown,
  kLeft,
  kRight,
  kPageUp,
  kPageDown,
  kHome,
  kEnd,
  kEnter,
  kEscape,
  kBackspace,
  kDelete,
  kTab,
  kBackTab,
  kFunction,  // number says which
  kText,      // text is one character
};

struct KeyPress {
  TopKey key = TopKey::kNone;
  std::string text{};   // UTF-8
  unsigned number = 0;  // of kFunction
};

// One list as it was asked for.
struct TopView {
  size_t list = 0;           // of top_lists()
  std::string filter{};      // as the server takes it
  std::string interface {};  // id; empty: all
  std::string sort{};
  bool descending = true;
  uint64_t offset = 0;         // of the first row that is shown
  size_t selected = 0;         // below it
  std::string selected_key{};  // whom the selection follows; empty: nobody yet
};

// What `weir top` shows and what keys do to it: no terminal, no network. Keys are those of htop.
// Owner: one thread.
class TopState {
 public:
  enum class Mode : uint8_t { kList, kFilter, kSort, kHelp, kDetail };

  explicit TopState(TopView first);

  // False: the user is done. `rows`: how many a page has; `answer`: what is shown.
  [[nodiscard]] bool press(const KeyPress& key, size_t rows, const TopAnswer& answer);
  // A new answer is there: the selection goes where its row went, and stays among those there are.
  // Where the list is shorter now than where we are, the next question is about its last page.
  void see(const TopAnswer& answer, size_t rows);
  // The same of an answer to detail_question().
  void see_detail(const TopAnswer& answer);

  // The address of what is to be shown, behind /api/v1/: changes when the question does.
  [[nodiscard]] std::string question(size_t rows) const;
  // The same for the row whose detail is shown.
  [[nodiscard]] std::string detail_question() const;

  [[nodiscard]] const TopView& view() const { return views_.back(); }
  [[nodiscard]] const TopList& list() const { return top_lists()[view().list]; }
  [[nodiscard]] size_t depth() const { return views_.size(); }
  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] bool is_paused() const { return is_paused_; }
  // Of the filter while it is edited, and the byte the cursor stands before.
  [[nodiscard]] const std::string& edited() const { return edited_; }
  [[nodiscard]] size_t cursor() const { return cursor_; }
  // Of the menu of columns, and lines of the detail that were scrolled away.
  [[nodiscard]] size_t choice() const { return choice_; }
  [[nodiscard]] size_t scrolled() const { return scrolled_; }
  [[nodiscard]] const Value& detail() const { return detail_; }

 private:
  [[nodiscard]] bool press_list(const KeyPress& key, size_t rows, const TopAnswer& answer);
  [[nodiscard]] bool press_letter(char letter, const TopAnswer& answer);
  void press_filter(const KeyPress& key);
  void press_sort(const KeyPress& key);
  void press_detail(const KeyPress& key, size_t rows);
  void move(int64_t by, size_t rows, const TopAnswer& answer);
  void select(uint64_t row, size_t rows, const TopAnswer& answer);
  void show_list(size_t list);
  void sort_by(std::string_view field);
  void edit_filter();
  void choose_sort();
  void open(const TopAnswer& answer);
  void show_detail(const TopAnswer& answer);
  void go_back();

  TopView& now() { return views_.back(); }

  std::vector<TopView> views_;  // the way here
  Mode mode_ = Mode::kList;
  bool is_paused_ = false;
  std::string edited_;
  size_t cursor_ = 0;
  size_t choice_ = 0;
  size_t scrolled_ = 0;
  Value detail_;
};

// The bytes of a filter's text: "a\"b" as the filter language writes it.
[[nodiscard]] std::string quoted_for_filter(std::string_view text);

}  // namespace weir
