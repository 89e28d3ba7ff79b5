// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// Matches a pattern of Lua (Lua 5.1 manual, 5.4.1) against text as LuaJIT does, but gives up when
// it is told that the time is over: the library's own matcher cannot be stopped, and ".-.-.-b" over
// 20,000 bytes runs for seconds. Has no destructor to run, because an error in Lua may skip it.
// Views must outlive it. Cost: about that of the library's; one question for the time each
// kStepsBetweenChecks steps.
class LuaPattern {
 public:
  static constexpr size_t kMaxCaptures = 32;
  static constexpr uint32_t kStepsBetweenChecks = 4096;

  enum class Outcome : uint8_t {
    kMatch,
    kNoMatch,
    kOutOfTime,
    kTooComplex,  // nested deeper than kMaxDepth
    kEndsWithPercent,
    kMissingBracket,  // [ without ]
    kMissingSet,      // %f without [
    kMissingBalance,  // %b without two characters
    kTooManyCaptures,
    kInvalidCapture,     // ) without (
    kInvalidReference,   // %1 before its capture is closed
    kUnfinishedCapture,  // ( without )
  };
  struct Capture {
    size_t begin = 0;
    size_t length = 0;                             // or one of
    static constexpr size_t kPosition = SIZE_MAX;  // "()": only where it is
    static constexpr size_t kOpen = SIZE_MAX - 1;
  };
  // Whether to go on. Called with `context`.
  using MayGoOn = bool (*)(void* context);

  // `pattern` without a leading "^", which is the caller's.
  LuaPattern(std::string_view text, std::string_view pattern, MayGoOn may_go_on, void* context)
      : text_(text), pattern_(pattern), may_go_on_(may_go_on), context_(context) {}

  // Whether text from `at` on begins with a match. After kMatch end() and the captures are those of
  // it. REQUIRES: at <= text.size().
  [[nodiscard]] Outcome match(size_t at);
  [[nodiscard]] size_t end() const { return end_; }
  [[nodiscard]] size_t captures() const { return capture_count_; }
  // REQUIRES: i < captures().
  [[nodiscard]] const Capture& capture(size_t i) const { return captures_[i]; }

 private:
  static constexpr unsigned kMaxDepth = 200;
  static constexpr size_t kFail = SIZE_MAX;

  // Each takes where it stands in text and pattern and returns where the match of the rest of the
  // pattern ends in the text, or kFail, with outcome_ set when the whole search is over.
  [[nodiscard]] size_t rest(size_t at, size_t p);
  [[nodiscard]] size_t deeper(size_t at, size_t p);
  [[nodiscard]] size_t open_capture(size_t at, size_t p, size_t length);
  [[nodiscard]] size_t close_capture(size_t at, size_t p);
  [[nodiscard]] size_t repeat_most(size_t at, size_t p, size_t p_end);
  [[nodiscard]] size_t repeat_least(size_t at, size_t p, size_t p_end);
  // The end of what is matched alone, or kFail.
  [[nodiscard]] size_t balanced(size_t at, size_t p);
  [[nodiscard]] size_t back_reference(size_t at, char digit);
  [[nodiscard]] bool is_frontier(size_t at, size_t p, size_t p_end) const;
  // The end of the item of the pattern at p: a character, %x or a [set].
  [[nodiscard]] size_t item_end(size_t p);
  // Whether the character at `at` is one of the item.
  [[nodiscard]] bool is_one(size_t at, size_t p, size_t p_end) const;
  [[nodiscard]] bool is_in_set(unsigned char c, size_t p, size_t last) const;
  [[nodiscard]] bool is_over(size_t p) const { return p >= pattern_.size(); }
  size_t fail(Outcome why) {
    outcome_ = why;
    return kFail;
  }
  // Counts a step; false when the search is over.
  [[nodiscard]] bool step();

  std::string_view text_;
  std::string_view pattern_;
  MayGoOn may_go_on_;
  void* context_;
  Outcome outcome_ = Outcome::kNoMatch;  // other than that: the search is over
  size_t end_ = 0;
  unsigned depth_ = 0;
  uint32_t steps_ = 0;
  size_t capture_count_ = 0;
  std::array<Capture, kMaxCaptures> captures_{};
};

}  // namespace weir
