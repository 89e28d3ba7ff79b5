// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/der_reader.h"

namespace weir {

bool take_der(ByteReader& in, DerElement& out) {
  constexpr uint8_t kTagOfSeveralBytes = 0x1f;
  if (!in.can_read(2) || (in.u8(0) & 0x1f) == kTagOfSeveralBytes) return false;
  size_t header_size = 2;
  size_t length = in.u8(1);
  if (length >= 0x80) {
    const size_t length_size = length & 0x7f;
    if (length_size == 0 || length_size > 3) return false;
    length = 0;
    for (size_t i = 0; i < length_size; ++i) length = length << 8 | in.u8(2 + i);
    header_size += length_size;
  }
  if (!in.can_read(header_size + length)) return false;
  out.tag = in.u8(0);
  in.skip(header_size);
  out.content = in;
  out.content.truncate(length);
  in.skip(length);
  return true;
}

bool take_der(ByteReader& in, uint8_t tag, ByteReader& content) {
  ByteReader rest = in;
  DerElement element;
  if (!take_der(rest, element) || element.tag != tag) return false;
  content = element.content;
  in = rest;
  return true;
}

}  // namespace weir
