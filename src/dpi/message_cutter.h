// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_reader.h"
#include "dpi/heap_bytes.h"

namespace weir {

// Cuts one direction of a stream into messages that say their length in a header of fixed size,
// wherever packets split them. Of a message its header and the first `kept_bytes` of the rest are
// kept, the others skipped. Memory: at most twice both together. Cost: linear.
class MessageCutter {
 public:
  MessageCutter(size_t header_bytes, size_t kept_bytes)
      : header_bytes_(header_bytes), kept_bytes_(kept_bytes) {}

  // Whether a message ends in `bytes`, which then stands behind it; else all of it is taken.
  // `length_of(header)` gives the bytes behind the header, nothing when that cannot be one: then
  // is_broken(), and no message will come any more.
  template <typename LengthOf>
  [[nodiscard]] bool next(ByteReader& bytes, LengthOf length_of) {
    if (is_whole_) clear();
    if (is_broken_) return false;
    take(bytes, header_bytes_ - std::min(header_bytes_, message_.size()));
    if (message_.size() < header_bytes_) return false;
    if (!wanted_) {
      const std::optional<uint64_t> length = length_of(ByteReader(message_));
      is_broken_ = !length;
      if (is_broken_) return false;
      length_ = *length;
      wanted_ = length;
    }
    const uint64_t kept = message_.size() - header_bytes_;
    const uint64_t room = kept_bytes_ - std::min<uint64_t>(kept, kept_bytes_);
    const size_t copied = take(bytes, static_cast<size_t>(std::min(room, *wanted_)));
    *wanted_ -= copied;
    if (room > copied && *wanted_ > 0) return false;
    const auto skipped = static_cast<size_t>(std::min<uint64_t>(*wanted_, bytes.remaining()));
    bytes.skip(skipped);
    *wanted_ -= skipped;
    is_whole_ = *wanted_ == 0;
    return is_whole_;
  }
  // The last message: its header and what is kept behind it. Lives until the next call of next().
  [[nodiscard]] ByteReader message() const { return ByteReader(message_); }
  // Of the last message, without the header.
  [[nodiscard]] uint64_t length() const { return length_; }
  [[nodiscard]] bool is_broken() const { return is_broken_; }
  [[nodiscard]] size_t held_bytes() const { return heap_bytes(message_); }
  // Forgets the message that has not ended: the next bytes begin one.
  void clear() {
    message_.clear();
    wanted_.reset();
    is_whole_ = is_broken_ = false;
  }

 private:
  size_t take(ByteReader& bytes, size_t most) {
    const size_t count = std::min(most, bytes.remaining());
    message_.insert(message_.end(), bytes.data(), bytes.data() + count);
    bytes.skip(count);
    return count;
  }

  size_t header_bytes_;
  size_t kept_bytes_;
  std::vector<uint8_t> message_;
  std::optional<uint64_t> wanted_;  // bytes still to come; nothing before the header is whole
  uint64_t length_ = 0;
  bool is_whole_ = false;
  bool is_broken_ = false;
};

}  // namespace weir
