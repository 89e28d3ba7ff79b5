// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace weir {

// Address space set aside once and filled with zeroed memory piece by piece, so that what lies in
// it never moves. Nothing that was committed becomes inaccessible again: discarded pages read as
// zero, which is what readers on other threads rely on. Owner: shard thread, apart from reads of
// committed memory.
class ReservedRegion {
 public:
  // Reserves `bytes` (rounded up to 2 MB) of address space; costs no memory. Error: the address
  // space is limited (ulimit -v).
  static Result<ReservedRegion> reserve(size_t bytes);

  ReservedRegion() = default;
  ReservedRegion(ReservedRegion&& other) noexcept;
  ReservedRegion& operator=(ReservedRegion&& other) noexcept;
  ~ReservedRegion();

  [[nodiscard]] uint8_t* data() const { return data_; }
  [[nodiscard]] size_t reserved() const { return reserved_; }
  [[nodiscard]] size_t committed() const { return committed_; }

  // Makes the first `bytes` usable; what is new reads as zero. False when they exceed the
  // reservation or the kernel refuses. From 4 MB on the kernel is asked for 2 MB pages: random
  // access at gigabytes is a third faster with them, and a small device is not made to pay for
  // them.
  [[nodiscard]] bool commit(size_t bytes);
  // Gives the pages wholly inside the range back to the kernel. They stay readable, as zero.
  void discard(size_t offset, size_t bytes);

 private:
  ReservedRegion(uint8_t* data, size_t reserved) : data_(data), reserved_(reserved) {}

  uint8_t* data_ = nullptr;
  size_t reserved_ = 0;
  size_t committed_ = 0;
};

}  // namespace weir
