// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/syslog_line.h"

#include <charconv>
#include <chrono>

namespace weir {
namespace {

constexpr std::string_view kNothing = "-";

std::string_view known(std::string_view word) {
  return word == kNothing ? std::string_view() : word;
}

// The next word, and `rest` behind the blank after it.
std::string_view take_word(std::string_view& rest) {
  const size_t blank = rest.find(' ');
  const std::string_view word = rest.substr(0, blank);
  rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
  return word;
}

bool take_digits(std::string_view& text, size_t count, int& number) {
  if (text.size() < count) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, number);
  if (error != std::errc() || end != text.data() + count || text.front() == '-') return false;
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// "<134>": facility and severity. False, and left as it is, when there is none.
bool take_priority(std::string_view& rest, SyslogLine& line) {
  constexpr size_t kMostDigits = 3;
  constexpr unsigned kMost = 191;
  if (rest.empty() || rest.front() != '<') return false;
  const size_t end = rest.substr(0, kMostDigits + 2).find('>');
  if (end == std::string_view::npos || end < 2) return false;
  unsigned priority = 0;
  const char* const begin = rest.data() + 1;
  const auto [stop, error] = std::from_chars(begin, rest.data() + end, priority);
  if (error != std::errc() || stop != rest.data() + end || priority > kMost) return false;
  line.facility = static_cast<uint8_t>(priority / 8);
  line.severity = static_cast<uint8_t>(priority % 8);
  rest.remove_prefix(end + 1);
  return true;
}

// What is structured has brackets; "]" in a value stands behind a backslash.
void skip_structured_data(std::string_view& rest) {
  if (rest.substr(0, 1) == kNothing) {
    rest.remove_prefix(1);
  } else {
    while (!rest.empty() && rest.front() == '[') {
      size_t at = 1;
      while (at < rest.size() && rest[at] != ']') at += rest[at] == '\\' ? 2 : 1;
      rest.remove_prefix(at < rest.size() ? at + 1 : rest.size());
    }
  }
  (void)take(rest, ' ');
}

// RFC 5424, 6: VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG.
bool take_modern(std::string_view& rest, SyslogLine& line) {
  if (rest.substr(0, 2) != "1 ") return false;
  rest.remove_prefix(2);
  (void)take_word(rest);
  line.host = known(take_word(rest));
  line.program = known(take_word(rest));
  (void)take_word(rest);
  line.message_id = known(take_word(rest));
  skip_structured_data(rest);
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (rest.substr(0, kMark.size()) == kMark) rest.remove_prefix(kMark.size());
  return true;
}

// "Nov 30 01:02:03 ".
bool take_old_time(std::string_view& rest) {
  constexpr size_t kBytes = 16;
  constexpr std::string_view kShape = "Aaa  0 00:00:00 ";
  if (rest.size() < kBytes) return false;
  for (size_t i = 0; i < kBytes; ++i) {
    const char c = rest[i];
    const bool is_digit = c >= '0' && c <= '9';
    const bool fits = kShape[i] == 'A'   ? c >= 'A' && c <= 'Z'
                      : kShape[i] == 'a' ? c >= 'a' && c <= 'z'
                      : kShape[i] == '0' ? is_digit
                      : i == 4           ? c == ' ' || is_digit
                                         : c == kShape[i];
    if (!fits) return false;
  }
  rest.remove_prefix(kBytes);
  return true;
}

// "sshd[123]: " or "kernel: ".
void take_tag(std::string_view& rest, SyslogLine& line) {
  constexpr size_t kMostBytes = 64;
  const size_t end = rest.substr(0, kMostBytes).find_first_of("[: ");
  if (end == std::string_view::npos || end == 0 || rest[end] == ' ') return;
  size_t colon = end;
  if (rest[end] == '[') {
    const size_t bracket = rest.substr(0, 2 * kMostBytes).find("]:", end);
    if (bracket == std::string_view::npos) return;
    colon = bracket + 1;
  }
  if (colon + 1 < rest.size() && rest[colon + 1] != ' ') return;
  line.program = rest.substr(0, end);
  rest.remove_prefix(colon + 1);
  (void)take(rest, ' ');
}

}  // namespace

SyslogLine read_syslog_line(std::string_view message) {
  SyslogLine line;
  std::string_view rest = message;
  if (!take_priority(rest, line) || !take_modern(rest, line)) {
    // Some programs leave the time out, and then the host.
    if (take_old_time(rest)) line.host = take_word(rest);
    take_tag(rest, line);
  }
  const size_t end = rest.find_last_not_of(std::string_view(" \r\n\t\0", 5));
  line.text = rest.substr(0, end == std::string_view::npos ? 0 : end + 1);
  return line;
}

std::optional<int64_t> read_date_time(std::string_view text) {
  using namespace std::chrono;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool is_time = take_digits(text, 4, year) && take(text, '-') &&
                       take_digits(text, 2, month) && take(text, '-') &&
                       take_digits(text, 2, day) && take(text, 'T') && take_digits(text, 2, hour) &&
                       take(text, ':') && take_digits(text, 2, minute) && take(text, ':') &&
                       take_digits(text, 2, second);
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  // What nanoseconds of 64 bits can tell.
  const bool is_told = year >= 1970 && year <= 2261;
  if (!is_time || !is_told || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  int64_t nanoseconds = 0;
  if (take(text, '.')) {
    int64_t unit = 1'000'000'000;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      unit /= 10;
      nanoseconds += unit * (text.front() - '0');
      text.remove_prefix(1);
    }
  }
  int offset = 0;
  if (!take(text, 'Z')) {
    const bool is_behind = take(text, '-');
    if (!is_behind && !take(text, '+')) return std::nullopt;
    int hours = 0, minutes = 0;
    if (!take_digits(text, 2, hours)) return std::nullopt;
    (void)take(text, ':');
    if (!take_digits(text, 2, minutes) || hours > 23 || minutes > 59) return std::nullopt;
    offset = (hours * 60 + minutes) * (is_behind ? -60 : 60);
  }
  if (!text.empty()) return std::nullopt;
  const int64_t days = sys_days(date).time_since_epoch().count();
  const int64_t seconds = days * 86'400 + hour * 3600 + minute * 60 + second - offset;
  return seconds * 1'000'000'000 + nanoseconds;
}

}  // namespace weir
