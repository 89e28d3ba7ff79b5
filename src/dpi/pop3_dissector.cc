// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/pop3_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kCommands[] = {"user", "pass", "apop", "auth", "capa", "stls",
                                          "quit", "stat", "list", "retr", "dele", "noop",
                                          "rset", "top",  "uidl", "utf8", "xtnd"};

bool is_command(std::string_view verb) {
  return std::any_of(std::begin(kCommands), std::end(kCommands),
                     [verb](std::string_view each) { return is_same_word(verb, each); });
}

}  // namespace

bool Pop3Dissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  if (!payload.to_server) return begins_like(payload.bytes, "+OK") && payload.bytes.can_read(2);
  const std::string_view text = text_of(payload.bytes).substr(0, kMaxLineBytes);
  return payload.server_port == 110 && is_command(text.substr(0, text.find_first_of(" \r\n")));
}

std::unique_ptr<Dissector> Pop3Dissector::create() {
  return std::make_unique<Pop3Dissector>();
}

Progress Pop3Dissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  if (to_server) return take_command(line, findings);
  return take_reply(line, findings);
}

Progress Pop3Dissector::take_command(std::string_view line, Findings& findings) {
  std::string_view argument = line;
  const std::string_view verb = take_word(argument);
  if (!is_command(verb)) return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
  findings.protocol = "POP3";
  if (is_same_word(verb, "user")) findings.metadata.add(MetadataField::kUserName, argument);
  if (is_same_word(verb, "apop"))
    findings.metadata.add(MetadataField::kUserName, take_word(argument));
  wants_tls_ = is_same_word(verb, "stls");
  is_logging_in_ = is_same_word(verb, "pass") || is_same_word(verb, "apop");
  return Progress::kMore;
}

Progress Pop3Dissector::take_reply(std::string_view line, Findings& findings) {
  if (!has_greeting_) {
    has_greeting_ = true;
    if (!line.starts_with("+OK"))
      return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
    findings.metadata.add(MetadataField::kSoftware, trimmed(line.substr(3)));
    if (contains_word(line, "pop")) findings.protocol = "POP3";
    return Progress::kMore;
  }
  if (!line.starts_with("+OK")) return Progress::kMore;
  if (wants_tls_) {
    findings.protocol = "POPS";
    start_tls();
    return Progress::kMore;
  }
  return is_logging_in_ ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
