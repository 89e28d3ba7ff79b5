// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http2_frame_reader.h"

#include <algorithm>
#include <string_view>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr size_t kHeaderBytes = 9;

bool has_block(Http2FrameType type) {
  return type == Http2FrameType::kHeaders || type == Http2FrameType::kPushPromise ||
         type == Http2FrameType::kContinuation;
}

}  // namespace

Http2FrameReader::Event Http2FrameReader::next(ByteReader& bytes) {
  for (;;) {
    if (state_ == State::kBroken) return Event::kBroken;
    if (state_ == State::kRest) {
      const size_t step = std::min<size_t>(rest_left_, bytes.remaining());
      bytes.skip(step);
      rest_left_ -= static_cast<uint32_t>(step);
      if (rest_left_ > 0) return Event::kNone;
      state_ = State::kHeader;
      return Event::kEnd;
    }
    if (bytes.empty() && (state_ != State::kBlock || block_left_ > 0)) return Event::kNone;
    if (state_ == State::kBlock) {
      block_ = bytes;
      block_.truncate(block_left_);
      bytes.skip(block_.remaining());
      block_left_ -= static_cast<uint32_t>(block_.remaining());
      if (block_left_ == 0) state_ = State::kRest;
      return Event::kBlock;
    }
    if (state_ == State::kPreface) take_preface(bytes);
    if (state_ == State::kHeader) take_header(bytes);
    if (state_ == State::kPrefix) take_prefix(bytes);
  }
}

bool Http2FrameReader::collect(ByteReader& bytes, size_t count) {
  const size_t step = std::min(count - have_, bytes.remaining());
  if (!bytes.copy(0, collected_.data() + have_, step)) return false;
  bytes.skip(step);
  have_ = static_cast<uint8_t>(have_ + step);
  if (have_ < count) return false;
  have_ = 0;
  return true;
}

void Http2FrameReader::take_preface(ByteReader& bytes) {
  if (!collect(bytes, kPreface.size())) return;
  const ByteReader got(collected_.data(), kPreface.size());
  state_ = text_of(got) == kPreface ? State::kHeader : State::kBroken;
}

size_t Http2FrameReader::prefix_bytes() const {
  const bool is_headers = frame_.type == Http2FrameType::kHeaders;
  const bool is_promise = frame_.type == Http2FrameType::kPushPromise;
  const size_t padding = frame_.is_padded() && (is_headers || is_promise) ? 1 : 0;
  return padding + (is_headers && frame_.has_priority() ? 5 : 0) + (is_promise ? 4 : 0);
}

void Http2FrameReader::take_header(ByteReader& bytes) {
  if (!collect(bytes, kHeaderBytes)) return;
  const ByteReader header(collected_.data(), kHeaderBytes);
  frame_.length = header.u24(0);
  frame_.type = static_cast<Http2FrameType>(header.u8(3));
  frame_.flags = header.u8(4);
  frame_.stream = header.u32(5) & 0x7fffffff;
  if (!has_block(frame_.type)) {
    rest_left_ = frame_.length;
    state_ = State::kRest;
  } else {
    state_ = prefix_bytes() <= frame_.length ? State::kPrefix : State::kBroken;
  }
}

void Http2FrameReader::take_prefix(ByteReader& bytes) {
  const size_t count = prefix_bytes();
  if (count > 0 && !collect(bytes, count)) return;
  const bool has_padding = frame_.is_padded() && frame_.type != Http2FrameType::kContinuation;
  rest_left_ = has_padding ? collected_[0] : 0;
  const uint32_t left = frame_.length - static_cast<uint32_t>(count);
  if (rest_left_ > left) {
    state_ = State::kBroken;
    return;
  }
  block_left_ = left - rest_left_;
  state_ = State::kBlock;
}

}  // namespace weir
