// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

// Finds the end of an HTTP/1 message's content without looking at the content. Cost of skip(): O(1)
// a packet for what has a length, O(1) a chunk, O(bytes) for chunk sizes and trailers.
// Source: RFC 9112, 6 and 7.
class HttpBody {
 public:
  static HttpBody none() { return HttpBody(); }
  static HttpBody of_length(uint64_t bytes);
  static HttpBody chunked();
  static HttpBody until_close();

  // Moves `bytes` behind what belongs to the content.
  void skip(ByteReader& bytes);
  [[nodiscard]] bool is_over() const { return state_ == State::kOver; }
  // No chunk where one should be: where the content ends is not known any more.
  [[nodiscard]] bool is_broken() const { return state_ == State::kBroken; }
  // Bytes of content, without its last, that come next whatever they say: skip() may be spared
  // them when pass() is told. 0 where the next byte counts, or only the connection's end does.
  [[nodiscard]] uint64_t unneeded() const {
    const bool is_counted = state_ == State::kLength || state_ == State::kChunkData;
    return is_counted && left_ > 0 ? left_ - 1 : 0;
  }
  // REQUIRES: bytes <= unneeded().
  void pass(uint64_t bytes) { left_ -= bytes; }
  [[nodiscard]] bool is_until_close() const { return state_ == State::kUntilClose; }

 private:
  enum class State : uint8_t {
    kOver,
    kLength,
    kUntilClose,
    kChunkSize,       // its digits
    kChunkExtension,  // what follows them, to the end of the line
    kChunkData,
    kChunkEnd,  // CR LF
    kTrailer,
    kBroken,
  };

  void skip_content(ByteReader& bytes);
  void take_framing(uint8_t byte);
  void take_size_digit(uint8_t byte);
  void take_trailer(uint8_t byte);

  State state_ = State::kOver;
  uint8_t digits_ = 0;         // of the chunk size
  bool is_line_empty_ = true;  // of a trailer
  uint64_t left_ = 0;          // bytes of content, or the chunk size as far as it was read
};

}  // namespace weir
