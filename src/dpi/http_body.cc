// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http_body.h"

#include <algorithm>

namespace weir {
namespace {

constexpr uint8_t kMaxSizeDigits = 15;  // 2^60 bytes

int digit_value(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const int letter = byte | 0x20;
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace

HttpBody HttpBody::of_length(uint64_t bytes) {
  HttpBody body;
  body.left_ = bytes;
  body.state_ = bytes == 0 ? State::kOver : State::kLength;
  return body;
}

HttpBody HttpBody::chunked() {
  HttpBody body;
  body.state_ = State::kChunkSize;
  return body;
}

HttpBody HttpBody::until_close() {
  HttpBody body;
  body.state_ = State::kUntilClose;
  return body;
}

void HttpBody::skip(ByteReader& bytes) {
  while (!bytes.empty() && !is_over() && !is_broken()) {
    if (state_ == State::kLength || state_ == State::kChunkData || is_until_close()) {
      skip_content(bytes);
    } else {
      take_framing(bytes.u8(0));
      bytes.skip(1);
    }
  }
}

void HttpBody::skip_content(ByteReader& bytes) {
  if (is_until_close()) return bytes.skip(bytes.remaining());
  const uint64_t step = std::min<uint64_t>(left_, bytes.remaining());
  bytes.skip(static_cast<size_t>(step));
  left_ -= step;
  if (left_ == 0) state_ = state_ == State::kLength ? State::kOver : State::kChunkEnd;
}

void HttpBody::take_framing(uint8_t byte) {
  switch (state_) {
    case State::kChunkSize:
      return take_size_digit(byte);
    case State::kChunkExtension:
      if (byte == '\n') state_ = left_ > 0 ? State::kChunkData : State::kTrailer;
      return;
    case State::kChunkEnd:
      if (byte == '\n') {
        state_ = State::kChunkSize;
      } else if (byte != '\r') {
        state_ = State::kBroken;
      }
      return;
    default:
      return take_trailer(byte);
  }
}

void HttpBody::take_size_digit(uint8_t byte) {
  const int value = digit_value(byte);
  if (value >= 0 && digits_ < kMaxSizeDigits) {
    left_ = left_ * 16 + static_cast<uint64_t>(value);
    ++digits_;
    return;
  }
  const bool ends_size = byte == '\r' || byte == '\n' || byte == ';' || byte == ' ';
  if (digits_ == 0 || !ends_size) {
    state_ = State::kBroken;
    return;
  }
  digits_ = 0;
  is_line_empty_ = true;
  state_ = State::kChunkExtension;
  if (byte == '\n') take_framing(byte);
}

void HttpBody::take_trailer(uint8_t byte) {
  if (byte == '\n') {
    if (is_line_empty_) state_ = State::kOver;
    is_line_empty_ = true;
  } else if (byte != '\r') {
    is_line_empty_ = false;
  }
}

}  // namespace weir
