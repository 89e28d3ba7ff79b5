// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "capture/capture_parser.h"
#include "capture/field_order.h"

namespace weir {

// pcap as libpcap writes it: micro- and nanoseconds, both byte orders, versions 2.0 to 2.4, and the
// variant with 24-byte record headers that patched libpcaps of the 1990s wrote. Source:
// draft-ietf-opsawg-pcap. The bits of the link type field that tell of a frame check sequence are
// ignored: the FCS, if there, counts as payload.
class PcapParser final : public CaptureParser {
 public:
  [[nodiscard]] static bool recognises(ByteReader start);

  ParseOutcome parse(ByteReader window, PacketBatch& batch) override;

 private:
  ParseOutcome parse_header(ByteReader window);
  [[nodiscard]] Timestamp timestamp(uint32_t seconds, uint32_t fraction) const;

  FieldOrder order_;
  bool header_read_ = false;
  bool nanoseconds_ = false;
  size_t record_header_ = 16;
  uint16_t version_minor_ = 4;
  uint32_t max_captured_ = kUsualMaxCapturedLength;
  LinkType link_type_ = LinkType::kEthernet;
};

}  // namespace weir
