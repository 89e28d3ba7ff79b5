// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

// Numbers and texts as MySQL writes them: little-endian, length-encoded, or ended by a zero.
namespace weir {

[[nodiscard]] inline uint16_t mysql_u16(const ByteReader& bytes, size_t at) {
  return static_cast<uint16_t>(bytes.u8(at) | bytes.u8(at + 1) << 8);
}
[[nodiscard]] inline uint32_t mysql_u24(const ByteReader& bytes, size_t at) {
  return static_cast<uint32_t>(mysql_u16(bytes, at)) | static_cast<uint32_t>(bytes.u8(at + 2))
                                                           << 16;
}
[[nodiscard]] inline uint32_t mysql_u32(const ByteReader& bytes, size_t at) {
  return mysql_u24(bytes, at) | static_cast<uint32_t>(bytes.u8(at + 3)) << 24;
}

// Takes a length-encoded number from the front; 0 for what is none.
[[nodiscard]] inline uint64_t take_mysql_number(ByteReader& bytes) {
  const uint8_t first = bytes.u8(0);
  const ByteReader start = bytes;
  const size_t size = first == 0xfc ? 3 : first == 0xfd ? 4 : first == 0xfe ? 9 : 1;
  bytes.skip(size);
  if (size == 3) return mysql_u16(start, 1);
  if (size == 4) return mysql_u24(start, 1);
  if (size == 9) return mysql_u32(start, 1) | static_cast<uint64_t>(mysql_u32(start, 5)) << 32;
  return first < 0xfb ? first : 0;
}

// Takes a text that ends with a zero, or with the bytes.
[[nodiscard]] inline std::string_view take_zero_ended(ByteReader& bytes) {
  const std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.remaining());
  const std::string_view text = rest.substr(0, rest.find('\0'));
  bytes.skip(text.size() + 1);
  return text;
}

}  // namespace weir
