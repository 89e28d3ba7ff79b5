// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// POP3 up to the answer to the password, or to STLS and then the TLS behind it: what the server
// says of itself and the user's name. Source: RFC 1939; RFC 2595 (STLS).
class Pop3Dissector : public LineDissector {
 public:
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  Progress take_command(std::string_view line, Findings& findings);
  Progress take_reply(std::string_view line, Findings& findings);

  bool has_greeting_ = false;
  bool wants_tls_ = false;
  bool is_logging_in_ = false;  // the password, or what stands for it, was sent
};

}  // namespace weir
