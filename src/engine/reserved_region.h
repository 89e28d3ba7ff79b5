// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "engine/page_feeder.h"

namespace weir {

// Address space set aside once and filled with zeroed memory piece by piece, so that what lies in
// it never moves. Nothing that was committed becomes inaccessible again: discarded pages read as
// zero, which is what readers on other threads rely on. Owner: shard thread, apart from reads of
// committed memory.
class ReservedRegion {
 public:
  // Reserves `bytes` (rounded up to 2 MB) of address space; costs no memory. From 4 MB on the
  // kernel is asked for 2 MB pages: random access at gigabytes is a third faster with them, and a
  // small device is not made to pay for them. There `feeder`, when there is one, clears memory
  // ahead of what is committed; it must be destroyed before the region. Error: the address space is
  // limited (ulimit -v, strict overcommit).
  static Result<ReservedRegion> reserve(size_t bytes, PageFeeder* feeder = nullptr);

  ReservedRegion() = default;
  ReservedRegion(ReservedRegion&& other) noexcept;
  ReservedRegion& operator=(ReservedRegion&& other) noexcept;
  ~ReservedRegion();

  [[nodiscard]] uint8_t* data() const { return data_; }
  [[nodiscard]] size_t reserved() const { return reserved_; }
  [[nodiscard]] size_t committed() const { return committed_; }

  // Makes the first `bytes` usable; what is new reads as zero. False when they exceed the
  // reservation. No system call.
  [[nodiscard]] bool commit(size_t bytes);
  // Gives the pages wholly inside the range back to the kernel. They stay readable, as zero.
  void discard(size_t offset, size_t bytes);

 private:
  ReservedRegion(uint8_t* data, size_t reserved, PageFeeder* feeder)
      : data_(data), reserved_(reserved), feeder_(feeder) {}
  void feed_ahead();

  uint8_t* data_ = nullptr;
  size_t reserved_ = 0;
  size_t committed_ = 0;
  size_t fed_ = 0;  // so far the feeder was told to go
  PageFeeder* feeder_ = nullptr;
};

}  // namespace weir
