// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top.h"

#include <chrono>
#include <utility>

#include "top/terminal.h"
#include "top/top_screen.h"
#include "top/top_source.h"
#include "top/top_state.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{100};
constexpr std::chrono::seconds kInterval{1};

Result<TopView> first_view(const TopOptions& options) {
  TopView view;
  view.list = find_top_list(options.list);
  if (view.list == top_lists().size()) {
    std::string names;
    for (const TopList& list : top_lists()) names.append(" ").append(list.path);
    return Error{"there is no list \"" + options.list + "\", but" + names};
  }
  view.filter = options.filter;
  view.sort = options.sort;
  return view;
}

// The loop of keys, questions and answers.
class Session {
 public:
  Session(TopView first, TopSource& source, Terminal& terminal)
      : state_(std::move(first)), source_(source), terminal_(terminal) {}

  void run(const std::function<bool()>& is_over) {
    while (!is_over()) {
      ask();
      take();
      show();
      const size_t rows = top_rows(terminal_.size());
      for (KeyPress key = terminal_.read(kGlance); key.key != TopKey::kNone;
           key = terminal_.read(std::chrono::milliseconds(0))) {
        if (!state_.press(key, rows, list_)) return;
        forget_other_rows();
      }
    }
  }

 private:
  [[nodiscard]] bool shows_detail() const { return state_.mode() == TopState::Mode::kDetail; }
  [[nodiscard]] TopQuestions questions() const {
    return {state_.question(top_rows(terminal_.size())),
            shows_detail() ? state_.detail_question() : std::string()};
  }

  void ask() {
    TopQuestions now = questions();
    const bool is_due = !state_.is_paused() && Clock::now() - asked_at_ >= kInterval;
    if (!is_due && now == asked_) return;
    asked_ = now;
    asked_at_ = Clock::now();
    source_.ask(std::move(now));
  }

  // Rows of one list say nothing in another, and a key must not find them there.
  void forget_other_rows() {
    const std::pair place(state_.view().list, state_.depth());
    if (place != place_) list_ = {};
    place_ = place;
  }

  void take() {
    auto answers = source_.take();
    if (!answers) return;
    trouble_ = answers->trouble;
    if (!trouble_.empty()) return;
    answered_at_ = Clock::now();
    interfaces_ = std::move(answers->interfaces);
    // Answers to what was asked before are of no more use.
    if (answers->asked != questions()) return;
    if (shows_detail()) state_.see_detail(answers->detail);
    if (!answers->list.problem.empty()) {
      // The rows stay while somebody mends the filter.
      list_.problem = answers->list.problem;
      list_.column = answers->list.column;
      return;
    }
    list_ = std::move(answers->list);
    state_.see(list_, top_rows(terminal_.size()));
  }

  void show() {
    const std::chrono::duration<double> silent = Clock::now() - answered_at_;
    terminal_.show(
        draw_top({state_, list_, interfaces_, trouble_, silent.count()}, terminal_.size()));
  }

  TopState state_;
  TopSource& source_;
  Terminal& terminal_;
  TopQuestions asked_;
  Clock::time_point asked_at_;
  Clock::time_point answered_at_ = Clock::now();
  TopAnswer list_;
  std::pair<size_t, size_t> place_{
      state_.view().list, state_.depth()};  // of the list: which, and how many views lead to it
  TopAnswer interfaces_;
  std::string trouble_;
};

}  // namespace

Result<void> run_top(const TopOptions& options, const std::function<bool()>& is_over) {
  auto view = first_view(options);
  if (!view) return view.error();
  const auto source = TopSource::open(options.url);
  if (!source) return source.error();
  const auto terminal = Terminal::open();
  if (!terminal) return terminal.error();
  Session(*std::move(view), **source, **terminal).run(is_over);
  return {};
}

Result<std::string> print_top(const TopOptions& options, size_t rows, size_t columns) {
  auto view = first_view(options);
  if (!view) return view.error();
  const auto source = TopSource::open(options.url);
  if (!source) return source.error();
  use_utf8();
  const TopState state(*std::move(view));
  const TopAnswers answers = (*source)->answer({state.question(rows), {}});
  if (!answers.trouble.empty()) return Error{answers.trouble}.in(options.url);
  if (!answers.list.problem.empty()) return Error{answers.list.problem};
  TopSize size{rows, columns};
  while (top_rows(size) < rows) ++size.lines;
  TopScreen screen = draw_top({state, answers.list, answers.interfaces}, size);
  screen.lines.pop_back();  // the keys
  std::string text;
  const size_t shown = screen.lines.size() - (rows - std::min(rows, answers.list.rows.size()));
  for (size_t i = 0; i < shown; ++i) {
    std::string line;
    for (const TopSpan& span : screen.lines[i]) line += span.text;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace weir
