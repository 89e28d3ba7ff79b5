// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/llc_snap.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr uint32_t kSnap = 0xaaaa03;     // both SAPs 0xaa, unnumbered information
constexpr uint32_t kIpBySap = 0x060603;  // both SAPs 6: IPv4
constexpr size_t kLlcLength = 3;
constexpr size_t kSnapLength = 8;
constexpr uint32_t kOuiEthertype = 0x000000;
constexpr uint32_t kOuiBridgeTunnel = 0x0000f8;  // IEEE 802.1H, also followed by an ethertype
}  // namespace

Layer decode_llc(Walk& walk) {
  walk.set_ethertype(kEthertypeLlc);
  if (!walk.bytes.can_read(kLlcLength)) return walk.fail(DecodeError::kTruncated);
  const uint32_t header = walk.bytes.u24(0);
  if (header == kIpBySap) {
    walk.consume(kLlcLength);
    return Layer::kIpv4;
  }
  if (header != kSnap) return Layer::kDone;
  if (!walk.bytes.can_read(kSnapLength)) return walk.fail(DecodeError::kTruncated);
  const uint32_t oui = walk.bytes.u24(3);
  if (oui != kOuiEthertype && oui != kOuiBridgeTunnel) return Layer::kDone;
  const uint16_t type = walk.bytes.u16(6);
  walk.consume(kSnapLength);
  walk.set_ethertype(type);
  return layer_of_ethertype(type);
}

}  // namespace weir
