// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// SMTP up to the first mail's content, or to STARTTLS and then the TLS behind it: what the server
// says of itself, senders and recipients (the first kMaxRecipients).
// Source: RFC 5321; RFC 3207 (STARTTLS).
class SmtpDissector : public LineDissector {
 public:
  static constexpr uint8_t kMaxRecipients = 8;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;

 private:
  Progress take_command(std::string_view line, Findings& findings);
  Progress take_reply(std::string_view line, Findings& findings);

  uint8_t recipients_ = 0;
  bool has_greeting_ = false;
  bool wants_tls_ = false;
  bool wants_data_ = false;
};

}  // namespace weir
