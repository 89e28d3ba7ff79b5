// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ftp_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kCommands[] = {
    "user", "pass", "acct", "cwd",  "cdup", "quit", "rein", "port", "pasv", "type",
    "stru", "mode", "retr", "stor", "stou", "appe", "allo", "rest", "rnfr", "rnto",
    "abor", "dele", "rmd",  "mkd",  "pwd",  "list", "nlst", "site", "syst", "stat",
    "help", "noop", "feat", "opts", "auth", "adat", "prot", "pbsz", "ccc",  "eprt",
    "epsv", "size", "mdtm", "mlst", "mlsd", "clnt", "host", "lang", "xpwd"};

bool is_command(std::string_view verb) {
  return std::any_of(std::begin(kCommands), std::end(kCommands),
                     [verb](std::string_view each) { return is_same_word(verb, each); });
}

bool is_greeting(std::string_view text) {
  return text.starts_with("220 ") || text.starts_with("220-");
}

}  // namespace

bool FtpDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  const std::string_view text = text_of(payload.bytes).substr(0, kMaxLineBytes);
  if (payload.to_server) {
    return payload.server_port == 21 ? is_command(text.substr(0, text.find_first_of(" \r\n")))
                                     : starts_with_word(text, "auth tls\r");
  }
  if (!begins_like(payload.bytes, "220") || (text.size() > 3 && !is_greeting(text))) return false;
  return !contains_word(text, "smtp");
}

std::unique_ptr<Dissector> FtpDissector::create() {
  return std::make_unique<FtpDissector>();
}

Progress FtpDissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  if (to_server) return take_command(line, findings);
  return take_reply(line, findings);
}

Progress FtpDissector::take_command(std::string_view line, Findings& findings) {
  std::string_view argument = line;
  const std::string_view verb = take_word(argument);
  if (!is_command(verb)) return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
  findings.protocol = "FTP_CONTROL";
  if (is_same_word(verb, "user")) findings.metadata.add(MetadataField::kUserName, argument);
  wants_tls_ = is_same_word(verb, "auth") && contains_word(argument, "tls");
  return Progress::kMore;
}

Progress FtpDissector::take_reply(std::string_view line, Findings& findings) {
  // Lines of a long reply need no number.
  const bool has_code = line.size() >= 3 && is_digit(line[0]) && is_digit(line[1]);
  if (!has_code) return Progress::kMore;
  if (!has_greeting_) {
    has_greeting_ = true;
    if (!is_greeting(line)) return Progress::kMore;
    findings.metadata.add(MetadataField::kSoftware, trimmed(line.substr(4)));
    if (contains_word(line, "ftp")) findings.protocol = "FTP_CONTROL";
    return Progress::kMore;
  }
  if (wants_tls_ && line.starts_with("234")) start_tls();
  const bool is_logged_in = line.starts_with("230 ") && !findings.protocol.empty();
  return is_logged_in ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
