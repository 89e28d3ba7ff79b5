// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// The control connection of FTP, and after AUTH TLS the TLS behind it: what the server says of
// itself, the user's name, and which data connections are to come. Those are announced for the two
// hosts of this connection, whatever address it names.
// Source: RFC 959; RFC 4217 (AUTH TLS); RFC 2428 (EPRT, EPSV); RFC 2577 (whose address to believe).
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
  static Progress take_greeting(std::string_view line, Findings& findings);

  bool has_greeting_ = false;
  bool wants_tls_ = false;
};

}  // namespace weir
