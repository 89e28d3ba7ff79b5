// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "dpi/dissector.h"

namespace weir {

// RTP over UDP, whose header hardly differs from chance: it is RTP when kProof packets of a
// direction in a row have the same source, rising sequence numbers and a plausible header. RTCP is
// known by its first packet, whose parts must fill the datagram. Done when both directions are
// known or kMaxPackets were seen. Source: RFC 3550, 5.1, 6.1 and A.1.
class RtpDissector : public Dissector {
 public:
  static constexpr uint8_t kProof = 3;
  static constexpr uint8_t kMaxPackets = 16;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;

 private:
  struct Side {
    uint32_t source = 0;
    uint16_t sequence = 0;
    uint8_t payload_type = 0;
    uint8_t packets = 0;  // in a row
  };

  Side sides_[2];  // by Payload::to_server
  uint8_t packets_ = 0;
};

}  // namespace weir
