// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "dpi/dissector.h"

namespace weir {

// SNMP over UDP on any port: version, community (1 and 2c) or user (3). Done when that is known; of
// version 3 after kMaxPackets at the latest, since the first ones name no user.
// Source: RFC 1157, RFC 3416, RFC 3412, 6 and RFC 3414, 2.4; X.690 (BER).
class SnmpDissector : public Dissector {
 public:
  static constexpr uint8_t kMaxPackets = 4;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;

 private:
  uint8_t packets_ = 0;
};

}  // namespace weir
