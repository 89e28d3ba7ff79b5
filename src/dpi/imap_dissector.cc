// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/imap_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr size_t kMaxTagBytes = 32;
constexpr std::string_view kCommands[] = {
    "capability", "noop",   "logout", "starttls", "authenticate", "login",  "select", "examine",
    "create",     "delete", "rename", "list",     "lsub",         "status", "id",     "enable",
    "namespace",  "idle",   "fetch",  "search",   "uid",          "close",  "check"};

// "a.b" of "\"a.b\" \"secret\"" and of "a.b secret"; a literal ("{3}") comes in a line of its own.
std::string_view first_string(std::string_view text) {
  if (text.starts_with('"')) return text.substr(1, text.find('"', 1) - 1);
  if (text.starts_with('{')) return {};
  return text.substr(0, text.find(' '));
}

}  // namespace

bool ImapDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  if (payload.to_server) return payload.server_port == 143;
  return payload.bytes.u8(0) == '*' && payload.bytes.can_read(3) &&
         (begins_like(payload.bytes, "* OK") || begins_like(payload.bytes, "* PREAUTH") ||
          begins_like(payload.bytes, "* BYE"));
}

std::unique_ptr<Dissector> ImapDissector::create() {
  return std::make_unique<ImapDissector>();
}

Progress ImapDissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  if (to_server) return take_command(line, findings);
  return take_reply(line, findings);
}

Progress ImapDissector::take_command(std::string_view line, Findings& findings) {
  std::string_view arguments = line;
  const std::string_view tag = take_word(arguments);
  const std::string_view verb = take_word(arguments);
  const bool is_known =
      std::any_of(std::begin(kCommands), std::end(kCommands),
                  [&](std::string_view each) { return is_same_word(verb, each); });
  // Other lines are literals and what answers AUTHENTICATE.
  if (!is_known || tag.size() > kMaxTagBytes)
    return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
  findings.protocol = "IMAP";
  wants_tls_ = is_same_word(verb, "starttls");
  const bool is_login = is_same_word(verb, "login");
  if (is_login) findings.metadata.add(MetadataField::kUserName, first_string(arguments));
  if (is_login || wants_tls_ || is_same_word(verb, "authenticate")) tag_ = tag;
  return Progress::kMore;
}

Progress ImapDissector::take_reply(std::string_view line, Findings& findings) {
  if (!has_greeting_) {
    has_greeting_ = true;
    std::string_view text = line;
    if (take_word(text) != "*") {
      return findings.protocol.empty() ? Progress::kNotMine : Progress::kMore;
    }
    static_cast<void>(take_word(text));
    findings.metadata.add(MetadataField::kSoftware, text);
    if (contains_word(text, "imap")) findings.protocol = "IMAP";
    return Progress::kMore;
  }
  std::string_view rest = line;
  if (tag_.empty() || take_word(rest) != tag_ || !starts_with_word(rest, "ok"))
    return Progress::kMore;
  if (!wants_tls_) return Progress::kDone;
  findings.protocol = "IMAPS";
  start_tls();
  return Progress::kMore;
}

}  // namespace weir
