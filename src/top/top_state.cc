// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_state.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr size_t kMaxFilterBytes = 4096;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

size_t before(const std::string& text, size_t at) {
  if (at > 0) --at;
  while (at > 0 && is_continuation(text[at])) --at;
  return at;
}
size_t after(const std::string& text, size_t at) {
  if (at < text.size()) ++at;
  while (at < text.size() && is_continuation(text[at])) ++at;
  return at;
}

std::string for_address(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string text_field(const Value& row, std::string_view field) {
  const auto* text = row[field].as<std::string>();
  return text != nullptr ? *text : std::string();
}

std::string key_of(const TopList& list, const Value& row) {
  return text_field(row, list.key) + " " + (list.also.empty() ? "" : text_field(row, list.also));
}

const Value* row_at(const TopView& view, const TopAnswer& answer) {
  const uint64_t at = view.offset + view.selected;
  if (at < answer.offset || at - answer.offset >= answer.rows.size()) return nullptr;
  return &answer.rows[at - answer.offset];
}

}  // namespace

std::string quoted_for_filter(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

TopState::TopState(TopView first) {
  if (first.sort.empty()) first.sort = std::string(top_lists()[first.list].sort);
  views_.push_back(std::move(first));
}

std::string TopState::question(size_t rows) const {
  const TopView& view = this->view();
  std::string columns(list().key);
  if (!list().also.empty()) columns.append(",").append(list().also);
  for (const TopColumn& column : list().columns) {
    if (column.field != list().key) columns.append(",").append(column.field);
  }
  std::string address = fmt::format(
      "{}?limit={}&offset={}&sort={}&order={}&columns={}", list().path, std::max<size_t>(rows, 1),
      view.offset, for_address(view.sort), view.descending ? "desc" : "asc", columns);
  if (!view.interface.empty()) address += "&interface=" + for_address(view.interface);
  if (!view.filter.empty()) address += "&filter=" + for_address(view.filter);
  return address;
}

std::string TopState::detail_question() const {
  const std::string key = text_field(detail_, list().key);
  if (list().has_items) return fmt::format("{}/{}", list().path, for_address(key));
  return fmt::format("{}?limit=100&filter={}", list().path,
                     for_address(fmt::format("{} = {}", list().key, quoted_for_filter(key))));
}

bool TopState::press(const KeyPress& key, size_t rows, const TopAnswer& answer) {
  switch (mode_) {
    case Mode::kFilter:
      press_filter(key);
      return true;
    case Mode::kSort:
      press_sort(key);
      return true;
    case Mode::kDetail:
      press_detail(key, rows);
      return true;
    case Mode::kHelp:
      mode_ = Mode::kList;
      return true;
    case Mode::kList:
      break;
  }
  return press_list(key, rows, answer);
}

bool TopState::press_list(const KeyPress& key, size_t rows, const TopAnswer& answer) {
  const auto page = static_cast<int64_t>(std::max<size_t>(rows, 2) - 1);
  switch (key.key) {
    case TopKey::kUp:
      move(-1, rows, answer);
      break;
    case TopKey::kDown:
      move(1, rows, answer);
      break;
    case TopKey::kPageUp:
      move(-page, rows, answer);
      break;
    case TopKey::kPageDown:
      move(page, rows, answer);
      break;
    case TopKey::kHome:
      select(0, rows, answer);
      break;
    case TopKey::kEnd:
      select(answer.total, rows, answer);
      break;
    case TopKey::kEnter:
      open(answer);
      break;
    case TopKey::kEscape:
    case TopKey::kBackspace:
      go_back();
      break;
    case TopKey::kTab:
      show_list((view().list + 1) % top_lists().size());
      break;
    case TopKey::kBackTab:
      show_list((view().list + top_lists().size() - 1) % top_lists().size());
      break;
    case TopKey::kFunction:
      if (key.number == 1) mode_ = Mode::kHelp;
      if (key.number == 4) edit_filter();
      if (key.number == 6) choose_sort();
      return key.number != 10;
    case TopKey::kText:
      return key.text.size() != 1 || press_letter(key.text.front(), answer);
    default:
      break;
  }
  return true;
}

bool TopState::press_letter(char letter, const TopAnswer& answer) {
  switch (letter) {
    case 'q':
      return false;
    case 'h':
    case '?':
      mode_ = Mode::kHelp;
      break;
    case '/':
    case '\\':
      edit_filter();
      break;
    case '>':
    case '.':
      choose_sort();
      break;
    case 'I':
      now().descending = !view().descending;
      now().offset = now().selected = 0;
      now().selected_key.clear();
      break;
    case 'P':
      sort_by("bits_per_second");
      break;
    case 'M':
      sort_by("bytes");
      break;
    case 'T':
      sort_by(list().path == "flows" ? "first_seen" : "last_seen");
      break;
    case ' ':
    case 'Z':
      is_paused_ = !is_paused_;
      break;
    case 'd':
      show_detail(answer);
      break;
    default:
      if (letter >= '1' && static_cast<size_t>(letter - '1') < top_lists().size())
        show_list(static_cast<size_t>(letter - '1'));
  }
  return true;
}

void TopState::press_filter(const KeyPress& key) {
  switch (key.key) {
    case TopKey::kEnter:
      now().filter = edited_;
      now().offset = now().selected = 0;
      now().selected_key.clear();
      mode_ = Mode::kList;
      break;
    case TopKey::kEscape:
      mode_ = Mode::kList;
      break;
    case TopKey::kLeft:
      cursor_ = before(edited_, cursor_);
      break;
    case TopKey::kRight:
      cursor_ = after(edited_, cursor_);
      break;
    case TopKey::kHome:
      cursor_ = 0;
      break;
    case TopKey::kEnd:
      cursor_ = edited_.size();
      break;
    case TopKey::kBackspace: {
      const size_t begin = before(edited_, cursor_);
      edited_.erase(begin, cursor_ - begin);
      cursor_ = begin;
      break;
    }
    case TopKey::kDelete:
      edited_.erase(cursor_, after(edited_, cursor_) - cursor_);
      break;
    case TopKey::kText:
      if (edited_.size() + key.text.size() > kMaxFilterBytes) break;
      edited_.insert(cursor_, key.text);
      cursor_ += key.text.size();
      break;
    default:
      break;
  }
}

void TopState::press_sort(const KeyPress& key) {
  const size_t count = list().columns.size();
  switch (key.key) {
    case TopKey::kUp:
      choice_ = (choice_ + count - 1) % count;
      break;
    case TopKey::kDown:
      choice_ = (choice_ + 1) % count;
      break;
    case TopKey::kEnter:
      sort_by(list().columns[choice_].field);
      mode_ = Mode::kList;
      break;
    case TopKey::kEscape:
      mode_ = Mode::kList;
      break;
    default:
      break;
  }
}

void TopState::press_detail(const KeyPress& key, size_t rows) {
  const auto* members = detail_.as<Value::Object>();
  const size_t lines = members == nullptr ? 0 : members->size();
  const size_t most = lines > rows ? lines - rows : 0;
  const bool is_letter = key.key == TopKey::kText;
  if (key.key == TopKey::kUp && scrolled_ > 0) --scrolled_;
  if (key.key == TopKey::kDown) scrolled_ = std::min(scrolled_ + 1, most);
  if (key.key == TopKey::kPageDown) scrolled_ = std::min(scrolled_ + rows, most);
  if (key.key == TopKey::kPageUp) scrolled_ -= std::min(scrolled_, rows);
  if (key.key == TopKey::kHome) scrolled_ = 0;
  if (key.key == TopKey::kEnd) scrolled_ = most;
  const bool leaves = key.key == TopKey::kEscape || key.key == TopKey::kEnter ||
                      key.key == TopKey::kBackspace || key.key == TopKey::kFunction ||
                      (is_letter && (key.text == "d" || key.text == "q"));
  if (leaves) mode_ = Mode::kList;
}

void TopState::move(int64_t by, size_t rows, const TopAnswer& answer) {
  const auto at = static_cast<int64_t>(view().offset + view().selected) + by;
  select(static_cast<uint64_t>(std::max<int64_t>(at, 0)), rows, answer);
}

// Selects a row of all and scrolls as little as shows it.
void TopState::select(uint64_t row, size_t rows, const TopAnswer& answer) {
  const uint64_t last = answer.total == 0 ? 0 : answer.total - 1;
  row = std::min(row, last);
  TopView& view = now();
  const uint64_t shown = std::max<size_t>(rows, 1);
  if (row < view.offset) view.offset = row;
  if (row >= view.offset + shown) view.offset = row - shown + 1;
  view.selected = static_cast<size_t>(row - view.offset);
  const Value* found = row_at(view, answer);
  view.selected_key = found == nullptr ? "" : key_of(list(), *found);
}

void TopState::see(const TopAnswer& answer, size_t rows) {
  TopView& view = now();
  if (view.offset > 0 && view.offset >= answer.total) {
    const uint64_t shown = std::max<size_t>(rows, 1);
    view.offset = answer.total - std::min<uint64_t>(answer.total, shown);
    view.selected = 0;
  }
  if (answer.rows.empty()) return;
  for (size_t i = 0; i < answer.rows.size() && !view.selected_key.empty(); ++i) {
    const uint64_t at = answer.offset + i;
    if (at < view.offset || key_of(list(), answer.rows[i]) != view.selected_key) continue;
    view.selected = static_cast<size_t>(at - view.offset);
    return;
  }
  view.selected = std::min(view.selected, answer.rows.size() - 1);
  const Value* found = row_at(view, answer);
  if (found != nullptr && view.offset + view.selected > 0)
    view.selected_key = key_of(list(), *found);
}

void TopState::see_detail(const TopAnswer& answer) {
  for (const Value& row : answer.rows) {
    if (key_of(list(), row) == key_of(list(), detail_)) {
      detail_ = row;
      return;
    }
  }
}

void TopState::show_list(size_t list) {
  TopView next;
  next.list = list;
  next.sort = std::string(top_lists()[list].sort);
  views_ = {std::move(next)};
}

void TopState::sort_by(std::string_view field) {
  const auto has_field = [&](const TopColumn& column) { return column.field == field; };
  const auto columns = list().columns;
  if (std::none_of(columns.begin(), columns.end(), has_field)) return;
  TopView& view = now();
  // The same again turns it round; text begins with its first.
  view.descending = view.sort == field
                        ? !view.descending
                        : std::find_if(columns.begin(), columns.end(), has_field)->is_number();
  view.sort = std::string(field);
  view.offset = view.selected = 0;
  view.selected_key.clear();
}

void TopState::edit_filter() {
  edited_ = view().filter;
  cursor_ = edited_.size();
  mode_ = Mode::kFilter;
}

void TopState::choose_sort() {
  const auto columns = list().columns;
  const auto at = std::find_if(columns.begin(), columns.end(), [&](const TopColumn& column) {
    return column.field == view().sort;
  });
  choice_ = at == columns.end() ? 0 : static_cast<size_t>(at - columns.begin());
  mode_ = Mode::kSort;
}

// Into what the row has: the flows of a host or an application, the hosts of an interface; all
// that is known of anything else.
void TopState::open(const TopAnswer& answer) {
  const Value* row = row_at(view(), answer);
  if (row == nullptr) return;
  TopView next;
  next.interface = view().interface;
  const std::string key = text_field(*row, list().key);
  if (list().path == "hosts") {
    next.list = find_top_list("flows");
    next.filter = "ip = " + key.substr(0, key.find('@'));
  } else if (list().path == "applications") {
    next.list = find_top_list("flows");
    next.filter = "application = " + quoted_for_filter(key);
  } else if (list().path == "interfaces") {
    next.list = find_top_list("hosts");
    next.interface = key;
  } else {
    show_detail(answer);
    return;
  }
  next.sort = std::string(top_lists()[next.list].sort);
  views_.push_back(std::move(next));
}

void TopState::show_detail(const TopAnswer& answer) {
  const Value* row = row_at(view(), answer);
  if (row == nullptr) return;
  detail_ = *row;
  scrolled_ = 0;
  mode_ = Mode::kDetail;
}

// A step back on the way here; at its begin the filter goes.
void TopState::go_back() {
  if (views_.size() > 1) {
    views_.pop_back();
  } else {
    now().filter.clear();
    now().offset = now().selected = 0;
    now().selected_key.clear();
  }
}

}  // namespace weir
