// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/byte_reader.h"

namespace weir {

// Puts together bytes that come in pieces with an offset, in any order, some of them twice.
// Memory: nothing at first, then kSmall bytes, and kMax once a piece lies beyond those (both for a
// moment). What lies beyond the limit is dropped, and so is a piece that would make more than
// kMaxRanges islands. Cost of a piece: a copy and a look at the islands.
class FragmentBuffer {
 public:
  static constexpr size_t kSmall = 4 * 1024;
  static constexpr size_t kMax = 8 * 1024;
  static constexpr size_t kMaxRanges = 32;

  explicit FragmentBuffer(size_t limit = kMax) : limit_(limit < kMax ? limit : kMax) {}

  void insert(uint64_t offset, ByteReader bytes);
  void clear();

  // What has come from the very beginning without a hole; lives until the next insert() or clear().
  [[nodiscard]] ByteReader front() const;
  [[nodiscard]] size_t limit() const { return limit_; }
  [[nodiscard]] size_t allocated() const { return capacity_; }

 private:
  struct Range {
    uint16_t begin;
    uint16_t end;
  };

  [[nodiscard]] bool add_range(Range range);
  void reserve(size_t end);

  size_t limit_;
  size_t capacity_ = 0;
  std::unique_ptr<uint8_t[]> buffer_;
  std::array<Range, kMaxRanges> ranges_;  // in order, with holes between them
  size_t range_count_ = 0;
};

}  // namespace weir
