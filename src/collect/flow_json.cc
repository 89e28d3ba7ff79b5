// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/flow_json.h"

#include <charconv>
#include <utility>

#include "base/utf8.h"

namespace weir {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What may follow the first digits of a number that is not whole.
bool is_in_fraction(char c) {
  return c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-' || is_digit(c);
}

// Four digits of hexadecimal at the start of `text`; above 0xffff when there are none.
uint32_t hex4(std::string_view text) {
  constexpr uint32_t kNone = 0x10000;
  uint32_t code = 0;
  if (text.size() < 4) return kNone;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 4, code, 16);
  return error == std::errc() && end == text.data() + 4 ? code : kNone;
}

// The code point of an escape (RFC 8259, 7: a backslash, u and four digits) whose digits `text`
// begins with, and how long it is with its other half. Halves alone become U+FFFD.
uint32_t escaped_code(std::string_view text, size_t& length) {
  constexpr uint32_t kReplacement = 0xfffd;
  const uint32_t high = hex4(text);
  length = high > 0xffff ? 0 : 4;
  if (high < 0xd800 || (high > 0xdfff && high <= 0xffff)) return high;
  const bool has_low = high <= 0xdbff && text.substr(4).starts_with("\\u");
  const uint32_t low = has_low ? hex4(text.substr(6)) : 0;
  if (low < 0xdc00 || low > 0xdfff) return kReplacement;
  length = 10;
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

}  // namespace

void FlowJson::skip_space() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
}

bool FlowJson::take_char(char c) {
  if (peek() != c || at_ >= text_.size()) return false;
  ++at_;
  return true;
}

FlowJson::Next FlowJson::next_record(const TakeField& take) {
  while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ',' || text_[at_] == '[' ||
                                text_[at_] == ']' || text_[at_] == '\0'))
    ++at_;
  if (at_ >= text_.size()) return Next::kEnd;
  fields_ = 0;
  path_.clear();
  unescaped_.clear();
  if (take_char('{') && read_object(take, 1)) return Next::kRecord;
  go_on_behind_error();
  return Next::kBad;
}

void FlowJson::go_on_behind_error() {
  while (at_ < text_.size()) {
    const size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) break;
    at_ = end + 1;
    size_t next = at_;
    while (next < text_.size() && (is_space(text_[next]) || text_[next] == ',')) ++next;
    if (next < text_.size() && text_[next] == '{') {
      at_ = next;
      return;
    }
  }
  at_ = text_.size();
}

bool FlowJson::read_object(const TakeField& take, size_t depth) {
  skip_space();
  if (take_char('}')) return true;
  for (;;) {
    if (!read_member(take, depth)) return false;
    skip_space();
    if (take_char('}')) return true;
    if (!take_char(',')) return false;
    skip_space();
  }
}

bool FlowJson::read_member(const TakeField& take, size_t depth) {
  NtopField field;
  if (++fields_ > kMaxFields || !take_char('"') || !read_key(field)) return false;
  skip_space();
  if (!take_char(':')) return false;
  skip_space();
  return read_value(field, take, depth);
}

bool FlowJson::read_key(NtopField& field) {
  const std::string_view rest = text_.substr(at_);
  const size_t place = fields_ - 1;
  size_t length = 0;
  if (path_.empty()) {
    if (const NtopKey* const known = keys_.find(place, rest, length)) [[likely]] {
      field.name = rest.substr(0, length);
      field.key = *known;
      at_ += length + 1;
      return true;
    }
  }
  if (!read_string(field.name)) return false;
  if (path_.empty()) {
    // One that had escapes in it would not be found again.
    field.key =
        field.name.data() == rest.data() ? keys_.learn(place, field.name) : ntop_key(field.name);
  } else {
    const bool fits = path_.size() + field.name.size() <= kMaxPathBytes;
    const std::string& path = unescaped_.emplace_back(fits ? path_ + std::string(field.name) : "");
    field.name = path;
  }
  return true;
}

bool FlowJson::read_value(NtopField& field, const TakeField& take, size_t depth) {
  const char first = peek();
  NtopValue& value = field.value;
  if (first == '"') {
    ++at_;
    value.kind = NtopValue::Kind::kText;
    if (!read_string(value.text)) return false;
  } else if (is_digit(first) || first == '-') {
    if (!read_number(value)) return false;
  } else if (first == '{') {
    if (depth >= kMaxDepth) return false;
    ++at_;
    std::string outer =
        std::exchange(path_, std::string(field.name.substr(0, kMaxPathBytes)) + ".");
    const bool is_good = read_object(take, depth + 1);
    path_ = std::move(outer);
    return is_good;
  } else if (first == '[') {
    ++at_;
    if (!skip_list(depth + 1)) return false;
  } else {
    bool is_word = false;
    for (const std::string_view word : {"true", "false", "null"}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      value.text = word;
      at_ += word.size();
      is_word = true;
    }
    if (!is_word) return false;
  }
  take(field);
  return true;
}

bool FlowJson::scan_string(std::string_view& out, bool& has_escapes) {
  const size_t start = at_;
  has_escapes = false;
  for (size_t at = start; at < text_.size(); ++at) {
    const char c = text_[at];
    if (c == '"') {
      out = text_.substr(start, at - start);
      at_ = at + 1;
      return true;
    }
    if (c == '\\') {
      has_escapes = true;
      ++at;
    }
  }
  // Perhaps a quote too many stood before it.
  return false;
}

bool FlowJson::read_string(std::string_view& out) {
  bool has_escapes = false;
  if (!scan_string(out, has_escapes)) return false;
  if (has_escapes) out = unescaped(out);
  return true;
}

std::string_view FlowJson::unescaped(std::string_view escaped) {
  std::string& out = unescaped_.emplace_back();
  for (size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\\' || i + 1 >= escaped.size()) {
      out += escaped[i];
      continue;
    }
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kMeant = "\b\f\n\r\t";
    const char letter = escaped[++i];
    if (letter == 'u') {
      size_t length = 0;
      append_utf8(out, escaped_code(escaped.substr(i + 1), length));
      i += length;
    } else if (const size_t known = kLetters.find(letter); known != std::string_view::npos) {
      out += kMeant[known];
    } else {
      out += letter;
    }
  }
  return out;
}

bool FlowJson::read_number(NtopValue& value) {
  const size_t start = at_;
  const bool is_negative = take_char('-');
  const size_t first = at_;
  uint64_t number = 0;
  // Wraps when there are too many, which are read again then.
  size_t at = first;
  for (; at < text_.size() && is_digit(text_[at]); ++at)
    number = number * 10 + static_cast<uint64_t>(text_[at] - '0');
  at_ = at;
  const size_t digits = at - first;
  if (digits == 0) return false;
  bool is_whole = true;
  while (at_ < text_.size() && is_in_fraction(text_[at_])) {
    is_whole = false;
    ++at_;
  }
  value.text = text_.substr(start, at_ - start);
  constexpr size_t kAlwaysFit = 19;
  if (is_whole && digits > kAlwaysFit) {
    const char* const end = text_.data() + at_;
    is_whole = std::from_chars(text_.data() + first, end, number).ec == std::errc();
  }
  if (!is_whole || (is_negative && number > static_cast<uint64_t>(INT64_MAX))) return true;
  value.kind = is_negative ? NtopValue::Kind::kSigned : NtopValue::Kind::kUnsigned;
  value.number = is_negative ? ~number + 1 : number;
  return true;
}

bool FlowJson::skip_list(size_t depth) {
  std::string_view ignored;
  bool has_escapes = false;
  size_t open = depth;
  const size_t outside = depth - 1;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      if (!scan_string(ignored, has_escapes)) return false;
    } else if (c == '[' || c == '{') {
      if (++open > kMaxDepth) return false;
    } else if (c == ']' || c == '}') {
      if (--open == outside) return true;
    }
  }
  return false;
}

}  // namespace weir
