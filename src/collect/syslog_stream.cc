// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/syslog_stream.h"

namespace weir {

void SyslogStream::feed(std::span<const uint8_t> bytes,
                        const std::function<void(std::span<const uint8_t>)>& take) {
  for (const uint8_t byte : bytes) step(byte, take);
}

void SyslogStream::end(const std::function<void(std::span<const uint8_t>)>& take) {
  if (state_ == State::kCounted && !is_too_long_) {
    ++cut_;
    held_.clear();
  }
  finish(take);
}

void SyslogStream::keep(uint8_t byte) {
  if (held_.size() == kMaxBytes) {
    is_too_long_ = true;
  } else {
    held_.push_back(byte);
  }
}

void SyslogStream::finish(const std::function<void(std::span<const uint8_t>)>& take) {
  if (is_too_long_) {
    ++too_long_;
  } else if (!held_.empty()) {
    take(held_);
  }
  held_.clear();
  is_too_long_ = false;
  state_ = State::kBegin;
}

void SyslogStream::step(uint8_t byte, const std::function<void(std::span<const uint8_t>)>& take) {
  constexpr size_t kMostCounted = size_t{1} << 30;  // what is longer is no number
  const bool is_digit = byte >= '0' && byte <= '9';
  const bool is_end = byte == '\n' || byte == 0;
  switch (state_) {
    case State::kBegin:
      if (is_end) return;
      left_ = is_digit ? byte - size_t{'0'} : 0;
      // A number is kept until it is known to be one.
      state_ = is_digit && byte != '0' ? State::kLength : State::kLine;
      return keep(byte);
    case State::kLength:
      if (byte == ' ') {
        held_.clear();
        state_ = State::kCounted;
        return;
      }
      if (is_end) return finish(take);
      left_ = left_ * 10 + (byte - size_t{'0'});
      if (!is_digit || left_ > kMostCounted) state_ = State::kLine;
      return keep(byte);
    case State::kCounted:
      keep(byte);
      if (--left_ == 0) finish(take);
      return;
    case State::kLine:
      if (is_end) return finish(take);
      return keep(byte);
  }
}

}  // namespace weir
