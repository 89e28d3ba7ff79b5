// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/linux_sll.h"

#include "decode/dispatch.h"

namespace weir {
namespace {

constexpr uint16_t kDeviceNetlink = 824;  // its protocol is a netlink family
constexpr uint16_t kProtocolLlc = 4;      // Linux: ETH_P_802_2
constexpr uint16_t kFirstEthertype = 0x0600;

// Where the two layouts have what they share.
struct Layout {
  size_t length;
  size_t protocol;
  size_t device_type;
  size_t
      address_length_end;  // the byte that holds the length of the address, or the low byte of it
  size_t address;
};

Layer decode_cooked(Walk& walk, const Layout& layout) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(layout.length)) return walk.fail(DecodeError::kTruncated);
  if (walk.is_outermost && bytes.u8(layout.address_length_end) == 6) {
    (void)bytes.copy(layout.address, walk.out.source_mac.bytes.data(), 6);
  }
  const uint16_t type = bytes.u16(layout.protocol);
  walk.consume(layout.length);
  if (bytes.u16(layout.device_type) == kDeviceNetlink) return Layer::kDone;
  if (type == kProtocolLlc) return Layer::kLlc;
  if (type < kFirstEthertype) return Layer::kDone;
  walk.set_ethertype(type);
  return layer_of_ethertype(type);
}

}  // namespace

Layer decode_linux_sll(Walk& walk) {
  return decode_cooked(
      walk,
      {.length = 16, .protocol = 14, .device_type = 2, .address_length_end = 5, .address = 6});
}

Layer decode_linux_sll2(Walk& walk) {
  return decode_cooked(
      walk,
      {.length = 20, .protocol = 0, .device_type = 8, .address_length_end = 11, .address = 12});
}

}  // namespace weir
