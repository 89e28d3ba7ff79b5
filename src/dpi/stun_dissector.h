// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "dpi/dissector.h"

namespace weir {

// STUN and TURN over UDP and TCP: the software that speaks, and the service where it uses
// attributes of its own. Done when that is known or after kMaxMessages. Messages without the magic
// cookie (RFC 3489) are taken where their length and type are right and the port is STUN's.
// Source: RFC 8489, 5 and 14; RFC 8656.
class StunDissector : public Dissector {
 public:
  static constexpr uint8_t kMaxMessages = 6;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;

 private:
  uint8_t messages_ = 0;
};

}  // namespace weir
