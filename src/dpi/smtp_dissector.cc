// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/smtp_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kCommands[] = {"ehlo", "helo",     "lhlo", "mail", "rcpt", "data",
                                          "rset", "vrfy",     "expn", "help", "noop", "quit",
                                          "auth", "starttls", "bdat", "etrn", "turn", "xclient"};

// "<a@b>" of "FROM:<a@b> SIZE=1".
std::string_view path_in(std::string_view text) {
  const size_t start = text.find('<');
  if (start == std::string_view::npos) {
    text.remove_prefix(std::min(text.find(':') + 1, text.size()));
    text = trimmed(text);
    return text.substr(0, text.find(' '));
  }
  text.remove_prefix(start + 1);
  return text.substr(0, text.find('>'));
}

bool is_mail_port(uint16_t port) {
  return port == 25 || port == 587 || port == 465 || port == 2525;
}

// "220 host ESMTP Postfix", "220-host ...".
bool is_greeting(std::string_view text) {
  return text.starts_with("220 ") || text.starts_with("220-");
}

}  // namespace

bool SmtpDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  const std::string_view text = text_of(payload.bytes).substr(0, kMaxLineBytes);
  if (text.empty()) return false;
  if (ascii_lower(text[0]) == 'e' || ascii_lower(text[0]) == 'h' || ascii_lower(text[0]) == 'l')
    return starts_with_word(text, "ehlo ") || starts_with_word(text, "helo ") ||
           starts_with_word(text, "lhlo ");
  if (!begins_like(payload.bytes, "220") || (text.size() > 3 && !is_greeting(text))) return false;
  return is_mail_port(payload.server_port) || contains_word(text, "smtp");
}

std::unique_ptr<Dissector> SmtpDissector::create() {
  return std::make_unique<SmtpDissector>();
}

Progress SmtpDissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  if (to_server) return take_command(line, findings);
  return take_reply(line, findings);
}

Progress SmtpDissector::take_command(std::string_view line, Findings& findings) {
  std::string_view arguments = line;
  const std::string_view verb = take_word(arguments);
  const bool is_known =
      std::any_of(std::begin(kCommands), std::end(kCommands),
                  [&](std::string_view each) { return is_same_word(verb, each); });
  // Other lines are answers to AUTH, but for the first one.
  if (!is_known) return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
  findings.protocol = "SMTP";
  wants_tls_ = is_same_word(verb, "starttls");
  wants_data_ = is_same_word(verb, "data") || is_same_word(verb, "bdat");
  if (is_same_word(verb, "mail"))
    findings.metadata.add(MetadataField::kSmtpFrom, path_in(arguments));
  if (is_same_word(verb, "rcpt") && recipients_ < kMaxRecipients) {
    ++recipients_;
    findings.metadata.add(MetadataField::kSmtpTo, path_in(arguments));
  }
  return Progress::kMore;
}

Progress SmtpDissector::take_reply(std::string_view line, Findings& findings) {
  if (line.size() < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]))
    return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
  if (!has_greeting_ && is_greeting(line)) {
    has_greeting_ = true;
    std::string_view text = trimmed(line.substr(4));
    if (contains_word(text, "smtp")) findings.protocol = "SMTP";
    const std::string_view host = take_word(text);
    if (host.find('.') != std::string_view::npos)
      findings.metadata.add(MetadataField::kServerName, to_lower(host));
    findings.metadata.add(MetadataField::kSoftware, text);
    return Progress::kMore;
  }
  if (wants_tls_ && line.starts_with("220")) {
    findings.protocol = "SMTPS";
    start_tls();
  }
  const bool is_content_next = wants_data_ && (line.starts_with("354") || line.starts_with("250"));
  return is_content_next ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
