// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_pattern.h"

namespace weir {
namespace {

bool is_between(unsigned char c, char low, char high) {
  return c >= static_cast<unsigned char>(low) && c <= static_cast<unsigned char>(high);
}
bool is_digit(unsigned char c) {
  return is_between(c, '0', '9');
}
bool is_lower(unsigned char c) {
  return is_between(c, 'a', 'z');
}
bool is_upper(unsigned char c) {
  return is_between(c, 'A', 'Z');
}
bool is_alpha(unsigned char c) {
  return is_lower(c) || is_upper(c);
}
bool is_graphic(unsigned char c) {
  return is_between(c, '!', '~');
}

// Whether `c` is of the class %letter; a letter that names no class, and any other character, is
// itself.
bool is_of_class(unsigned char c, unsigned char letter) {
  bool is = false;
  switch (letter | 0x20) {
    case 'a':
      is = is_alpha(c);
      break;
    case 'c':
      is = c < 0x20 || c == 0x7f;
      break;
    case 'd':
      is = is_digit(c);
      break;
    case 'g':
      is = is_graphic(c);
      break;
    case 'l':
      is = is_lower(c);
      break;
    case 'p':
      is = is_graphic(c) && !is_alpha(c) && !is_digit(c);
      break;
    case 's':
      is = c == ' ' || (c >= '\t' && c <= '\r');
      break;
    case 'u':
      is = is_upper(c);
      break;
    case 'w':
      is = is_alpha(c) || is_digit(c);
      break;
    case 'x':
      is = is_digit(c) || is_between(c | 0x20, 'a', 'f');
      break;
    case 'z':
      is = c == 0;
      break;
    default:
      return letter == c;
  }
  return is != is_upper(letter);
}

}  // namespace

LuaPattern::Outcome LuaPattern::match(size_t at) {
  outcome_ = Outcome::kNoMatch;
  depth_ = 0;
  capture_count_ = 0;
  const size_t found = rest(at, 0);
  if (found == kFail) return outcome_;
  for (size_t i = 0; i < capture_count_; ++i) {
    if (captures_[i].length == Capture::kOpen) return Outcome::kUnfinishedCapture;
  }
  end_ = found;
  return Outcome::kMatch;
}

bool LuaPattern::step() {
  if (++steps_ % kStepsBetweenChecks == 0 && !may_go_on_(context_)) outcome_ = Outcome::kOutOfTime;
  return outcome_ == Outcome::kNoMatch;
}

size_t LuaPattern::deeper(size_t at, size_t p) {
  if (depth_ == kMaxDepth) return fail(Outcome::kTooComplex);
  ++depth_;
  const size_t found = rest(at, p);
  --depth_;
  return found;
}

size_t LuaPattern::rest(size_t at, size_t p) {
  while (!is_over(p)) {
    if (!step()) return kFail;
    const char c = pattern_[p];
    const char next = is_over(p + 1) ? '\0' : pattern_[p + 1];
    if (c == '(') {
      if (next == ')') return open_capture(at, p + 2, Capture::kPosition);
      return open_capture(at, p + 1, Capture::kOpen);
    }
    if (c == ')') return close_capture(at, p + 1);
    if (c == '$' && is_over(p + 1)) return at == text_.size() ? at : kFail;
    if (c == '%' && next == 'b') {
      at = balanced(at, p + 2);
      if (at == kFail) return kFail;
      p += 4;
      continue;
    }
    if (c == '%' && next == 'f') {
      if (is_over(p + 2) || pattern_[p + 2] != '[') return fail(Outcome::kMissingSet);
      const size_t p_end = item_end(p + 2);
      if (p_end == kFail || !is_frontier(at, p + 2, p_end)) return kFail;
      p = p_end;
      continue;
    }
    if (c == '%' && is_digit(static_cast<unsigned char>(next))) {
      at = back_reference(at, next);
      if (at == kFail) return kFail;
      p += 2;
      continue;
    }
    const size_t p_end = item_end(p);
    if (p_end == kFail) return kFail;
    const char repeat = is_over(p_end) ? '\0' : pattern_[p_end];
    if (repeat == '*') return repeat_most(at, p, p_end);
    if (repeat == '-') return repeat_least(at, p, p_end);
    const bool is_here = is_one(at, p, p_end);
    if (repeat == '+') return is_here ? repeat_most(at + 1, p, p_end) : kFail;
    if (repeat == '?') {
      if (is_here) {
        const size_t found = deeper(at + 1, p_end + 1);
        if (found != kFail || outcome_ != Outcome::kNoMatch) return found;
      }
      p = p_end + 1;
      continue;
    }
    if (!is_here) return kFail;
    ++at;
    p = p_end;
  }
  return at;
}

size_t LuaPattern::open_capture(size_t at, size_t p, size_t length) {
  if (capture_count_ == kMaxCaptures) return fail(Outcome::kTooManyCaptures);
  captures_[capture_count_++] = {at, length};
  const size_t found = deeper(at, p);
  if (found == kFail) --capture_count_;
  return found;
}

size_t LuaPattern::close_capture(size_t at, size_t p) {
  size_t i = capture_count_;
  while (i > 0 && captures_[i - 1].length != Capture::kOpen) --i;
  if (i == 0) return fail(Outcome::kInvalidCapture);
  Capture& capture = captures_[i - 1];
  capture.length = at - capture.begin;
  const size_t found = deeper(at, p);
  if (found == kFail) capture.length = Capture::kOpen;
  return found;
}

size_t LuaPattern::repeat_most(size_t at, size_t p, size_t p_end) {
  size_t count = 0;
  while (is_one(at + count, p, p_end)) {
    if (!step()) return kFail;
    ++count;
  }
  for (;; --count) {
    if (!step()) return kFail;
    const size_t found = deeper(at + count, p_end + 1);
    if (found != kFail || outcome_ != Outcome::kNoMatch || count == 0) return found;
  }
}

size_t LuaPattern::repeat_least(size_t at, size_t p, size_t p_end) {
  for (;; ++at) {
    if (!step()) return kFail;
    const size_t found = deeper(at, p_end + 1);
    if (found != kFail || outcome_ != Outcome::kNoMatch) return found;
    if (!is_one(at, p, p_end)) return kFail;
  }
}

size_t LuaPattern::balanced(size_t at, size_t p) {
  if (is_over(p + 1)) return fail(Outcome::kMissingBalance);
  if (at >= text_.size() || text_[at] != pattern_[p]) return kFail;
  size_t open = 1;
  for (size_t i = at + 1; i < text_.size(); ++i) {
    if (!step()) return kFail;
    if (text_[i] == pattern_[p + 1]) {
      if (--open == 0) return i + 1;
    } else if (text_[i] == pattern_[p]) {
      ++open;
    }
  }
  return kFail;
}

size_t LuaPattern::back_reference(size_t at, char digit) {
  const auto number = static_cast<size_t>(digit - '0');
  if (number == 0 || number > capture_count_ || captures_[number - 1].length == Capture::kOpen)
    return fail(Outcome::kInvalidReference);
  const Capture& capture = captures_[number - 1];
  // A position has no text, so nothing follows that equals it.
  if (capture.length == Capture::kPosition || capture.length > text_.size() - at) return kFail;
  const bool is_same =
      text_.substr(at, capture.length) == text_.substr(capture.begin, capture.length);
  return is_same ? at + capture.length : kFail;
}

bool LuaPattern::is_frontier(size_t at, size_t p, size_t p_end) const {
  const auto before = static_cast<unsigned char>(at == 0 ? '\0' : text_[at - 1]);
  const auto here = static_cast<unsigned char>(at == text_.size() ? '\0' : text_[at]);
  return !is_in_set(before, p, p_end - 1) && is_in_set(here, p, p_end - 1);
}

size_t LuaPattern::item_end(size_t p) {
  const char c = pattern_[p++];
  if (c == '%') {
    if (is_over(p)) return fail(Outcome::kEndsWithPercent);
    return p + 1;
  }
  if (c != '[') return p;
  if (!is_over(p) && pattern_[p] == '^') ++p;
  do {  // a ] that comes first is one of the set
    if (is_over(p)) return fail(Outcome::kMissingBracket);
    if (pattern_[p++] == '%') ++p;  // what follows is no end
  } while (is_over(p) || pattern_[p] != ']');
  return p + 1;
}

bool LuaPattern::is_one(size_t at, size_t p, size_t p_end) const {
  if (at >= text_.size()) return false;
  const auto c = static_cast<unsigned char>(text_[at]);
  switch (pattern_[p]) {
    case '.':
      return true;
    case '%':
      return is_of_class(c, static_cast<unsigned char>(pattern_[p + 1]));
    case '[':
      return is_in_set(c, p, p_end - 1);
    default:
      return static_cast<unsigned char>(pattern_[p]) == c;
  }
}

// The set from its [ at p to its ] at `last`.
bool LuaPattern::is_in_set(unsigned char c, size_t p, size_t last) const {
  bool is = true;
  if (pattern_[p + 1] == '^') {
    is = false;
    ++p;
  }
  while (++p < last) {
    const auto low = static_cast<unsigned char>(pattern_[p]);
    if (low == '%') {
      ++p;
      if (is_of_class(c, static_cast<unsigned char>(pattern_[p]))) return is;
    } else if (pattern_[p + 1] == '-' && p + 2 < last) {
      p += 2;
      if (c >= low && c <= static_cast<unsigned char>(pattern_[p])) return is;
    } else if (low == c) {
      return is;
    }
  }
  return !is;
}

}  // namespace weir
