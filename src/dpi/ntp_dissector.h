// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "dpi/dissector.h"

namespace weir {

// NTP, by its port and a plausible header: version, and the stratum of who gives the time. Done
// when that is known, or after kMaxPackets. Source: RFC 5905, 7.3; RFC 9327 (control messages).
class NtpDissector : public Dissector {
 public:
  static constexpr uint8_t kMaxPackets = 4;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;

 private:
  uint8_t packets_ = 0;
};

}  // namespace weir
