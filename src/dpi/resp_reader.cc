// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/resp_reader.h"

#include <algorithm>

#include "dpi/ascii_text.h"
#include "dpi/heap_bytes.h"

namespace weir {
namespace {

constexpr int64_t kMaxItems = 1 << 24;
constexpr int64_t kMaxStringBytes = int64_t{512} << 20;  // as the server has it

// -1 stands for a null; less is no length.
int64_t length_in(std::string_view text) {
  if (text == "-1") return -1;
  const auto value = parse_decimal(text);
  if (!value || *value > static_cast<uint64_t>(kMaxStringBytes)) return -2;
  return static_cast<int64_t>(*value);
}

}  // namespace

void RespReader::clear() {
  lines_.clear();
  is_over_ = true;
  string_ = 0;
  open_.clear();
  words_.clear();
}

RespReader::Event RespReader::next(ByteReader& bytes) {
  while (!bytes.empty()) {
    Step step = Step::kGoesOn;
    if (string_ > 0) {
      skip_string(bytes);
      if (string_ > 0) return Event::kNone;
      step = end_item();
    } else {
      const auto line = lines_.next(bytes);
      if (!line) return Event::kNone;
      step = take_line(*line);
    }
    if (step == Step::kBroken) return Event::kBroken;
    if (step == Step::kGoesOn) continue;
    is_over_ = true;
    return Event::kValue;
  }
  return Event::kNone;
}

RespReader::Step RespReader::take_line(std::string_view line) {
  if (line.empty()) return takes_inline_ && is_over_ ? Step::kGoesOn : Step::kBroken;
  const char type = line.front();
  if (is_over_) {
    words_.clear();
    open_.clear();
    type_ = type;
    is_over_ = false;
    if (takes_inline_ && type != '*') return take_inline(line);
  }
  line.remove_prefix(1);
  switch (type) {
    case '+':
    case '-':
    case ':':
    case '_':
    case '#':
    case ',':
    case '(':
      keep(line);
      return end_item();
    case '$':
    case '!':
    case '=':
      return take_string(length_in(line));
    case '*':
    case '~':
    case '>':
      return take_list(length_in(line));
    case '%':
      return take_list(2 * std::min(length_in(line), kMaxItems + 1));
    case '|':  // stands before the value that it says something of
      return take_list(2 * std::min(length_in(line), kMaxItems + 1) + 1);
    default:
      return Step::kBroken;
  }
}

RespReader::Step RespReader::take_string(int64_t length) {
  if (length < -1) return Step::kBroken;
  if (length < 0) return end_item();
  is_kept_ = words_.size() < kMaxWords;
  if (is_kept_) words_.emplace_back();
  string_ = static_cast<uint64_t>(length) + 2;
  return Step::kGoesOn;
}

RespReader::Step RespReader::take_list(int64_t count) {
  if (count < -1 || count > 2 * kMaxItems + 1) return Step::kBroken;
  if (count <= 0) return end_item();
  if (open_.size() == kMaxDepth) return Step::kBroken;
  open_.push_back(static_cast<uint64_t>(count));
  return Step::kGoesOn;
}

RespReader::Step RespReader::take_inline(std::string_view line) {
  type_ = 'i';
  while (!line.empty() && words_.size() < kMaxWords) keep(take_word(line));
  return end_item();
}

// An item is over, and so are the lists that it is the last one of.
RespReader::Step RespReader::end_item() {
  while (!open_.empty()) {
    if (--open_.back() > 0) return Step::kGoesOn;
    open_.pop_back();
  }
  return Step::kEnds;
}

void RespReader::skip_string(ByteReader& bytes) {
  const auto count = static_cast<size_t>(std::min<uint64_t>(string_, bytes.remaining()));
  if (is_kept_) {
    const uint64_t own = string_ > 2 ? string_ - 2 : 0;  // without the line end
    std::string& word = words_.back();
    const size_t room = kMaxWordBytes - std::min(kMaxWordBytes, word.size());
    const auto kept = static_cast<size_t>(std::min<uint64_t>({own, count, room}));
    word += text_of(bytes).substr(0, kept);
  }
  bytes.skip(count);
  string_ -= count;
}

void RespReader::keep(std::string_view word) {
  if (words_.size() < kMaxWords) words_.emplace_back(word.substr(0, kMaxWordBytes));
}

size_t RespReader::held_bytes() const {
  size_t bytes = lines_.held_bytes() + heap_bytes(open_) + heap_bytes(words_);
  for (const std::string& word : words_) bytes += heap_bytes(word);
  return bytes;
}

}  // namespace weir
