// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/prism.h"

namespace weir {
namespace {
constexpr size_t kMinHeaderLength = 8;
constexpr uint32_t kAvsMagic = 0x80211000;  // the low 12 bits are a version
}  // namespace

Layer decode_prism(Walk& walk) {
  const ByteReader& bytes = walk.bytes;
  if (!bytes.can_read(kMinHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const bool is_avs = (bytes.u32(0) & 0xfffff000) == kAvsMagic;
  // Prism writes the byte order of the machine, AVS network order; a length has its high bytes 0.
  const uint32_t big = bytes.u32(4);
  const uint32_t length = is_avs || big < 0x10000 ? big : __builtin_bswap32(big);
  if (length < kMinHeaderLength) return walk.fail(DecodeError::kBadLength);
  if (!bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  walk.consume(length);
  return Layer::kIeee80211;
}

}  // namespace weir
