// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

// The pieces that TLS messages are made of (RFC 8446, section 3). All are views: the message must
// outlive them.

// Takes a vector with a length of `length_size` bytes (1 to 3) before it off the front of `in`.
// False and nothing taken when it does not lie within `in` as a whole.
inline bool take_vector(ByteReader& in, size_t length_size, ByteReader& out) {
  const size_t length = length_size == 1 ? in.u8(0) : length_size == 2 ? in.u16(0) : in.u24(0);
  if (!in.can_read(length_size + length)) return false;
  in.skip(length_size);
  out = in;
  out.truncate(length);
  in.skip(length);
  return true;
}

// 16-bit numbers one after the other: cipher suites, groups, versions. An odd byte at the end is
// left out.
class WireU16List {
 public:
  WireU16List() = default;
  explicit WireU16List(ByteReader bytes) : bytes_(bytes) {}

  [[nodiscard]] size_t size() const { return bytes_.remaining() / 2; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] uint16_t operator[](size_t index) const { return bytes_.u16(2 * index); }

 private:
  ByteReader bytes_;
};

struct TlsExtension {
  uint16_t type = 0;
  ByteReader body;
};

// A cursor over a hello's extensions in their order; a copy of it starts where it stands.
class TlsExtensions {
 public:
  TlsExtensions() = default;
  explicit TlsExtensions(ByteReader block) : rest_(block) {}

  // False at the end, and where a length leads beyond it.
  bool next(TlsExtension& out) {
    if (!rest_.can_read(4)) return false;
    const uint16_t type = rest_.u16(0);
    ByteReader after_type = rest_;
    after_type.skip(2);
    if (!take_vector(after_type, 2, out.body)) return false;
    out.type = type;
    rest_ = after_type;
    return true;
  }
  // Whether next() has come to the end as it should.
  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

 private:
  ByteReader rest_;
};

}  // namespace weir
