// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

// Reads the fields of a file that was written on a machine of either byte order. Beyond the end is
// 0, as with ByteReader.
struct FieldOrder {
  bool swapped = false;  // the writer's byte order is not ours

  [[nodiscard]] bool big_endian() const {
    return (std::endian::native == std::endian::big) != swapped;
  }
  [[nodiscard]] uint16_t u16(const ByteReader& bytes, size_t offset) const {
    const uint16_t value = bytes.u16_host(offset);
    return swapped ? __builtin_bswap16(value) : value;
  }
  [[nodiscard]] uint32_t u32(const ByteReader& bytes, size_t offset) const {
    const uint32_t value = bytes.u32_host(offset);
    return swapped ? __builtin_bswap32(value) : value;
  }
};

}  // namespace weir
