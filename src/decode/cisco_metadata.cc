// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/cisco_metadata.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr size_t kTypeLength = 2;
constexpr size_t kMinLength = 2;  // version, and length of the options in units of 4 bytes

size_t length_at(const Walk& walk, size_t offset) {
  return kMinLength + walk.bytes.u8(offset + 1) * size_t{4};
}
}  // namespace

Layer decode_cisco_metadata(Walk& walk) {
  const size_t length = length_at(walk, 0);
  if (!walk.bytes.can_read(length + kTypeLength)) return walk.fail(DecodeError::kTruncated);
  const uint16_t type = walk.bytes.u16(length);
  walk.consume(length + kTypeLength);
  walk.set_ethertype(type);
  return layer_of_ethertype(type);
}

Layer decode_cisco_metadata_in_gre(Walk& walk) {
  const size_t length = kTypeLength + length_at(walk, kTypeLength);
  if (!walk.bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  const uint16_t type = walk.bytes.u16(0);
  walk.consume(length);
  return layer_of_ethertype(type);
}

}  // namespace weir
