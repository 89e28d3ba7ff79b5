// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

enum class Http2FrameType : uint8_t {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPushPromise = 5,
  kContinuation = 9,
};

struct Http2Frame {
  uint32_t length = 0;
  Http2FrameType type{};
  uint8_t flags = 0;
  uint32_t stream = 0;

  [[nodiscard]] bool ends_stream() const {
    return (flags & 1) != 0 && (type == Http2FrameType::kData || type == Http2FrameType::kHeaders);
  }
  [[nodiscard]] bool ends_headers() const { return (flags & 4) != 0; }
  [[nodiscard]] bool is_padded() const { return (flags & 8) != 0; }
  [[nodiscard]] bool has_priority() const { return (flags & 0x20) != 0; }
};

// Cuts one direction of an HTTP/2 connection into frames, wherever the packets split them. Only
// pieces of header blocks are handed out; all else is skipped. Cost: O(1) a packet and a frame.
// Source: RFC 9113, 3.4, 4.1 and 6.
class Http2FrameReader {
 public:
  enum class Event : uint8_t {
    kNone,    // the bytes are used up
    kBlock,   // a piece of a header block: block(), ends_block()
    kEnd,     // the frame is over: frame()
    kBroken,  // no HTTP/2
  };

  explicit Http2FrameReader(bool has_preface)
      : state_(has_preface ? State::kPreface : State::kHeader) {}

  [[nodiscard]] Event next(ByteReader& bytes);
  [[nodiscard]] const Http2Frame& frame() const { return frame_; }
  [[nodiscard]] const ByteReader& block() const { return block_; }
  [[nodiscard]] bool ends_block() const { return block_left_ == 0 && frame_.ends_headers(); }

 private:
  enum class State : uint8_t { kPreface, kHeader, kPrefix, kBlock, kRest, kBroken };

  bool collect(ByteReader& bytes, size_t count);
  void take_preface(ByteReader& bytes);
  void take_header(ByteReader& bytes);
  void take_prefix(ByteReader& bytes);
  [[nodiscard]] size_t prefix_bytes() const;

  State state_;
  std::array<uint8_t, 24> collected_{};
  uint8_t have_ = 0;  // bytes in collected_
  Http2Frame frame_;
  ByteReader block_;
  uint32_t block_left_ = 0;
  uint32_t rest_left_ = 0;  // bytes of the frame behind the block
};

}  // namespace weir
