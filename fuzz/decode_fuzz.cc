// SPDX-License-Identifier: GPL-3.0-or-later
// decode() on any bytes of any link type. Input: 2 bytes in network order, the link type in the
// lower ten bits and flags in the upper two, then the packet. Seeds: fuzz/seeds/decode, the packets
// of the unit tests. A finding becomes a unit test.
#include <algorithm>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "decode/decode.h"
#include "decode/decode_properties.h"
#include "decode/syn_fingerprint.h"
#include "property.h"

using weir::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  weir::ByteReader input(data, size);
  if (!input.can_read(2)) return 0;
  const uint16_t link_type = input.u16(0);
  input.skip(2);
  // A copy of its own, so that a read beyond the end is seen.
  const std::vector<uint8_t> bytes(input.rest().begin(), input.rest().end());
  weir::PacketView packet;
  packet.data = bytes.data();
  packet.captured_length = static_cast<uint32_t>(bytes.size());
  packet.wire_length = packet.captured_length;
  packet.link_type = static_cast<weir::LinkType>(link_type & 0x3ff);
  // The upper bits: a snap length's cut, and a tag that the kernel took off.
  if ((link_type & 0x8000) != 0) packet.wire_length += 1000;
  if ((link_type & 0x4000) != 0) packet.vlan_tpid = packet.vlan_tci = 0x8100;

  weir::DecodedPacket first;
  weir::decode(packet, first);
  const std::string_view broken = weir::broken_property(packet, first);
  require(broken.empty(), broken);

  // Twice the same, whatever was in the answer before.
  weir::DecodedPacket second = first;
  second.icmp_type = second.icmp_code = 0xff;
  second.tcp_sequence = second.fragment_id = 0xffffffff;
  weir::decode(packet, second);
  require(weir::same_answer(first, second), "two runs give the same");

  if (const weir::SynFingerprint syn = weir::syn_fingerprint(first); syn != 0) {
    const std::string text = weir::syn_fingerprint_text(syn);
    require(std::count(text.begin(), text.end(), ':') == 4 && text.size() < 80,
            "a fingerprint has five parts");
  }

  weir::walk_layers(packet, second);
  require(weir::same_answer(first, second), "the straight way and the walk give the same");
  return 0;
}
