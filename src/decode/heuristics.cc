// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/heuristics.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr size_t kEthernetLength = 14;
constexpr uint16_t kMaxFrameLength = 1500;
constexpr uint16_t kSpanningTree = 0x4242;  // both LLC SAPs
constexpr uint16_t kArp = 0x0806;
constexpr uint16_t kLldp = 0x88cc;
}  // namespace

Layer ip_by_version(const Walk& walk) {
  switch (walk.bytes.u8(0) >> 4) {
    case 4:
      return Layer::kIpv4;
    case 6:
      return Layer::kIpv6;
    default:
      return Layer::kDone;
  }
}

bool holds_ip(const Walk& walk) {
  const ByteReader& bytes = walk.bytes;
  switch (bytes.u8(0) >> 4) {
    case 4: {
      const size_t header_length = (bytes.u8(0) & 0x0f) * size_t{4};
      const size_t total_length = bytes.u16(2);
      return header_length >= 20 && total_length >= header_length &&
             total_length <= walk.wire_length();
    }
    case 6:
      return walk.wire_length() >= 40 && bytes.u16(4) <= walk.wire_length() - 40;
    default:
      return false;
  }
}

bool holds_ethernet(const Walk& walk, size_t offset) {
  const ByteReader& bytes = walk.bytes;
  if (!bytes.can_read(offset + kEthernetLength + 2)) return false;
  const uint16_t type = bytes.u16(offset + 12);
  if (type <= kMaxFrameLength) return bytes.u16(offset + kEthernetLength) == kSpanningTree;
  if (type == kArp || type == kLldp) return true;
  switch (layer_of_ethertype(type)) {
    case Layer::kDone:
      return false;
    case Layer::kIpv4:
      return bytes.u8(offset + kEthernetLength) >> 4 == 4;
    case Layer::kIpv6:
      return bytes.u8(offset + kEthernetLength) >> 4 == 6;
    default:
      return true;
  }
}

}  // namespace weir
