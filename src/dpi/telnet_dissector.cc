// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/telnet_dissector.h"

namespace weir {
namespace {

constexpr uint8_t kInterpretAsCommand = 255;
constexpr uint8_t kWill = 251;
constexpr uint8_t kDont = 254;
constexpr uint8_t kMaxOption = 49;  // of those in use

// IAC, WILL, WON'T, DO or DON'T, option.
bool is_negotiation(const ByteReader& bytes) {
  return bytes.can_read(3) && bytes.u8(0) == kInterpretAsCommand && bytes.u8(1) >= kWill &&
         bytes.u8(1) <= kDont && bytes.u8(2) <= kMaxOption;
}

}  // namespace

bool TelnetDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp || !is_negotiation(payload.bytes)) return false;
  ByteReader next = payload.bytes;
  next.skip(3);
  return next.empty() || is_negotiation(next) || payload.server_port == 23;
}

std::unique_ptr<Dissector> TelnetDissector::create() {
  return std::make_unique<TelnetDissector>();
}

Progress TelnetDissector::feed(const Payload& payload, Findings& findings) {
  if (!is_negotiation(payload.bytes)) return Progress::kNotMine;
  findings.protocol = "Telnet";
  return Progress::kDone;
}

}  // namespace weir
