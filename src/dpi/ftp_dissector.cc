// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ftp_dissector.h"

#include <algorithm>
#include <optional>

#include "dpi/ascii_text.h"
#include "net/ip_protocol.h"

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

// The number that `text` begins with, which is then what follows it and the character behind it.
std::optional<unsigned> take_number(std::string_view& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_decimal(text.substr(0, digits));
  text.remove_prefix(std::min(digits + 1, text.size()));
  if (!number || *number > UINT16_MAX) return std::nullopt;
  return static_cast<unsigned>(*number);
}

// "h1,h2,h3,h4,p1,p2", with anything before and behind it; 0 for anything else.
uint16_t port_of_six(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
  for (int part = 0; part < 4; ++part) {
    if (!take_number(text)) return 0;
  }
  const auto high = take_number(text);
  const auto low = take_number(text);
  if (!high || !low || *high > UINT8_MAX || *low > UINT8_MAX) return 0;
  return static_cast<uint16_t>(*high << 8 | *low);
}

// "|1|192.0.2.1|6275|" and "|||6446|", with any delimiter; 0 for anything else.
uint16_t port_of_extended(std::string_view text) {
  if (text.empty()) return 0;
  const char delimiter = text.front();
  for (int part = 0; part < 3; ++part) {
    const size_t end = text.find(delimiter);
    if (end == std::string_view::npos) return 0;
    text.remove_prefix(end + 1);
  }
  return static_cast<uint16_t>(take_number(text).value_or(0));
}

std::string_view after_bracket(std::string_view line) {
  const size_t bracket = line.find('(');
  return bracket == std::string_view::npos ? std::string_view() : line.substr(bracket + 1);
}

void announce_data(AnnouncedFlow::At at, uint16_t port, Findings& findings) {
  if (port != 0) findings.announce({at, {}, port, kProtocolTcp, "FTP_DATA"});
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
  if (is_same_word(verb, "port"))
    announce_data(AnnouncedFlow::At::kClient, port_of_six(argument), findings);
  if (is_same_word(verb, "eprt"))
    announce_data(AnnouncedFlow::At::kClient, port_of_extended(argument), findings);
  wants_tls_ = is_same_word(verb, "auth") && contains_word(argument, "tls");
  return Progress::kMore;
}

Progress FtpDissector::take_reply(std::string_view line, Findings& findings) {
  // Lines of a long reply need no number.
  const bool has_code = line.size() >= 3 && is_digit(line[0]) && is_digit(line[1]);
  if (!has_code) return Progress::kMore;
  if (!has_greeting_) {
    has_greeting_ = true;
    if (is_greeting(line)) return take_greeting(line, findings);
  }
  if (wants_tls_ && line.starts_with("234")) start_tls();
  if (line.starts_with("227 "))
    announce_data(AnnouncedFlow::At::kServer, port_of_six(line.substr(4)), findings);
  if (line.starts_with("229 "))
    announce_data(AnnouncedFlow::At::kServer, port_of_extended(after_bracket(line)), findings);
  return Progress::kMore;
}

Progress FtpDissector::take_greeting(std::string_view line, Findings& findings) {
  findings.metadata.add(MetadataField::kSoftware, trimmed(line.substr(4)));
  if (contains_word(line, "ftp")) findings.protocol = "FTP_CONTROL";
  return Progress::kMore;
}

}  // namespace weir
