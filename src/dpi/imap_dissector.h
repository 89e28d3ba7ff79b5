// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dpi/line_dissector.h"

namespace weir {

// IMAP up to the answer to the login, or to STARTTLS and then the TLS behind it: what the server
// says of itself and the user's name. Source: RFC 9051.
class ImapDissector : public LineDissector {
 public:
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  Progress take_command(std::string_view line, Findings& findings);
  Progress take_reply(std::string_view line, Findings& findings);

  std::string tag_;  // of the command whose answer matters
  bool has_greeting_ = false;
  bool wants_tls_ = false;
};

}  // namespace weir
