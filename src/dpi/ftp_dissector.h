// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// The control connection of FTP up to the answer to the login, or to AUTH TLS and then the TLS
// behind it: what the server says of itself and the user's name.
// Source: RFC 959; RFC 4217 (AUTH TLS).
class FtpDissector : public LineDissector {
 public:
  // Any "220" that says nothing of SMTP: the client's first command decides.
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  Progress take_command(std::string_view line, Findings& findings);
  Progress take_reply(std::string_view line, Findings& findings);

  bool has_greeting_ = false;
  bool wants_tls_ = false;
};

}  // namespace weir
