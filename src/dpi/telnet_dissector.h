// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/dissector.h"

namespace weir {

// Telnet by the options that the sides negotiate at the start; what is typed is nobody's business.
// Source: RFC 854.
class TelnetDissector : public Dissector {
 public:
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
};

}  // namespace weir
