// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/fragment_buffer.h"

#include <algorithm>
#include <span>

namespace weir {

void FragmentBuffer::clear() {
  buffer_.reset();
  capacity_ = range_count_ = 0;
}

ByteReader FragmentBuffer::front() const {
  if (range_count_ == 0 || ranges_[0].begin != 0) return {};
  return {buffer_.get(), ranges_[0].end};
}

void FragmentBuffer::reserve(size_t end) {
  if (end <= capacity_) return;
  const size_t capacity = std::min(end <= kSmall ? kSmall : kMax, limit_);
  auto larger = std::make_unique_for_overwrite<uint8_t[]>(capacity);
  std::copy_n(buffer_.get(), capacity_, larger.get());
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

// Those that the new range touches become one with it.
bool FragmentBuffer::add_range(Range range) {
  const auto begin = ranges_.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(range_count_);
  const auto first = std::find_if(begin, end, [&](Range each) { return each.end >= range.begin; });
  const auto last = std::find_if(first, end, [&](Range each) { return each.begin > range.end; });
  if (first == last) {
    if (range_count_ == kMaxRanges) return false;
    std::copy_backward(first, end, end + 1);
    *first = range;
    ++range_count_;
    return true;
  }
  first->begin = std::min(first->begin, range.begin);
  first->end = std::max((last - 1)->end, range.end);
  std::copy(last, end, first + 1);
  range_count_ -= static_cast<size_t>(last - first) - 1;
  return true;
}

void FragmentBuffer::insert(uint64_t offset, ByteReader bytes) {
  if (offset >= limit_ || bytes.empty()) return;
  bytes.truncate(limit_ - offset);
  const size_t end = offset + bytes.remaining();
  if (!add_range({static_cast<uint16_t>(offset), static_cast<uint16_t>(end)})) return;
  reserve(end);
  static_cast<void>(bytes.copy(0, buffer_.get() + offset, bytes.remaining()));
}

}  // namespace weir
