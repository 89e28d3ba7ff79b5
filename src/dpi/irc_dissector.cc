// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/irc_dissector.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kCommands[] = {"nick", "user", "pass",   "cap",  "join",
                                          "ping", "pong", "notice", "quit", "webirc"};

}  // namespace

bool IrcDissector::may_begin(const Payload& payload) {
  if (!payload.is_tcp) return false;
  const std::string_view text = text_of(payload.bytes).substr(0, kMaxLineBytes);
  if (payload.to_server) {
    return starts_with_word(text, "nick ") || starts_with_word(text, "cap ls") ||
           (starts_with_word(text, "user ") && contains_word(text, " :"));
  }
  return (text.starts_with(':') && contains_word(text, " notice ")) ||
         starts_with_word(text, "notice auth :");
}

std::unique_ptr<Dissector> IrcDissector::create() {
  return std::make_unique<IrcDissector>();
}

Progress IrcDissector::take_line(bool to_server, std::string_view line, Findings& findings) {
  std::string_view rest = line;
  if (rest.starts_with(':')) static_cast<void>(take_word(rest));  // who says it
  const std::string_view verb = take_word(rest);
  if (to_server) {
    const bool is_known = std::any_of(std::begin(kCommands), std::end(kCommands),
                                      [&](auto each) { return is_same_word(verb, each); });
    if (!is_known && findings.protocol.empty()) return Progress::kNotMine;
    if (is_same_word(verb, "nick")) {
      has_nickname_ = true;
      findings.metadata.add(MetadataField::kUserName, rest.substr(rest.starts_with(':') ? 1 : 0));
    }
    if (is_same_word(verb, "user") && has_nickname_) findings.protocol = "IRC";
    return Progress::kMore;
  }
  const bool is_welcome = verb == "001";
  if (is_welcome) findings.protocol = "IRC";
  return is_welcome ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
