// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// IRC up to the server's welcome: the nickname. Source: RFC 2812, 3.1 and 5.1.
class IrcDissector : public LineDissector {
 public:
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  bool has_nickname_ = false;
};

}  // namespace weir
